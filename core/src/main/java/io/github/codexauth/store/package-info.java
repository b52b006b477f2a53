/**
 * Where managed logins are kept between jobs: the port ({@link io.github.codexauth.store.CredentialStore}), what it
 * stores ({@link io.github.codexauth.store.CredentialRecord}), and how that is protected.
 *
 * <p>A store gives one holder at a time a {@link io.github.codexauth.store.Lease}, and only through a lease can a login
 * be read or replaced. Every replacement names the generation it started from; nothing is ever overwritten without it.
 *
 * <p>Nothing here looks into an {@code auth.json}, runs a job or decides who may have a credential.
 */
@NullMarked
package io.github.codexauth.store;

import org.jspecify.annotations.NullMarked;
