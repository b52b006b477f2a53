/**
 * What the tests of several packages need: a clock they set, processes they kill, file systems they fill.
 *
 * <p>Where the machine cannot do something, as mounting without being root, the test is skipped with a sentence that
 * says so.
 */
@NullMarked
package io.github.codexauth.testing;

import org.jspecify.annotations.NullMarked;
