/** The way out of a company's network: whose certificates count, and through which proxy requests go. */
@NullMarked
package io.github.codexauth.runner.network;

import org.jspecify.annotations.NullMarked;
