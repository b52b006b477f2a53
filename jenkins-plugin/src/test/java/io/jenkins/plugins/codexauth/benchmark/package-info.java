/** Measurements for {@code benchmark/jenkins}: no tests, since a time is no promise that a build could break. */
package io.jenkins.plugins.codexauth.benchmark;
