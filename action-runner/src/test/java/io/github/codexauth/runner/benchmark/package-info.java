/** Measurements for {@code benchmark/run}: programs, not tests, since a time is no promise that a build could break. */
package io.github.codexauth.runner.benchmark;
