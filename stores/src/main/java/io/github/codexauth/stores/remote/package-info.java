/**
 * What stores on servers share: leases that are renewed and end by themselves, and calls of which an answer may be
 * lost.
 */
@NullMarked
package io.github.codexauth.stores.remote;

import org.jspecify.annotations.NullMarked;
