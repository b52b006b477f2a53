/** The packages as the build leaves them: what is in them, and that they work on machines that have nothing else. */
package io.github.codexauth.packages;
