/**
 * Which store an address means, and what this machine keeps beside it: the private homes, the rescue copies, and which
 * signed tokens were used.
 *
 * <p>{@link io.github.codexauth.runner.storage.StoreTypes} knows the kinds of stores, {@link
 * io.github.codexauth.runner.storage.Storage} is one with everything beside it.
 */
@NullMarked
package io.github.codexauth.runner.storage;

import org.jspecify.annotations.NullMarked;
