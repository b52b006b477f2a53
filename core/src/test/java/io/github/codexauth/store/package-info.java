/**
 * What every store has to do ({@link io.github.codexauth.store.CredentialStoreContract}), and what the store on a disk
 * does beyond that when processes are killed and disks fill up.
 */
@NullMarked
package io.github.codexauth.store;

import org.jspecify.annotations.NullMarked;
