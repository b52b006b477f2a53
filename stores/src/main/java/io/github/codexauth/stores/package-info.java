/**
 * Stores on servers, for fleets of machines: how one is named, opened and prepared. Each kind has a package of its own,
 * and most of what it does is in {@code remote}.
 *
 * <p>{@link io.github.codexauth.stores.ServerStoreTypes} is the entry point.
 */
@NullMarked
package io.github.codexauth.stores;

import org.jspecify.annotations.NullMarked;
