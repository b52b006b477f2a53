/**
 * Which store an address means, and what this machine keeps beside it: the private homes and the rescue copies.
 */
@NullMarked
package io.github.codexauth.runner.storage;

import org.jspecify.annotations.NullMarked;
