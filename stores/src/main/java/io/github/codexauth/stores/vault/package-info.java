/**
 * A store in Vault or OpenBao: {@code vault://mount/prefix}, in a KV engine of version 2.
 *
 * <p>{@link io.github.codexauth.stores.vault.VaultServer} makes the calls, {@link
 * io.github.codexauth.stores.vault.Entries} swaps one entry, and everything else says what is in one. A standby
 * answers reads, late: what must not be late is believed only where a swap on it succeeded.
 */
@NullMarked
package io.github.codexauth.stores.vault;

import org.jspecify.annotations.NullMarked;
