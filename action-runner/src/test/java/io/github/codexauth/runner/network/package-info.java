/** A company's network on loopback. */
package io.github.codexauth.runner.network;
