package io.github.codexauth.stores.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.Holder;

/**
 * A credential that is ours.
 *
 * @param epoch how often it was taken or ended, by the server's count
 * @param owner the word by which it is ours
 */
public record OurLease(CredentialId id, long epoch, String owner, Holder holder) {}
