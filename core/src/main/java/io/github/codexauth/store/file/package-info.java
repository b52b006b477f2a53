/**
 * The store on a disk: records in private folders, and the kernel's lock as the lease.
 *
 * <p>{@link io.github.codexauth.store.file.FileCredentialStore} is the entry point; {@link
 * io.github.codexauth.store.file.CredentialFiles} serves stores that keep others out in a way of their own.
 */
@NullMarked
package io.github.codexauth.store.file;

import org.jspecify.annotations.NullMarked;
