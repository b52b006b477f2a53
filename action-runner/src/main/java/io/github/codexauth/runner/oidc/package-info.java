/**
 * Facts that a CI system has signed: the token is fetched, its signature checked against the issuer's published keys,
 * and its claims replace what the job declares about itself.
 *
 * <p>Sources: docs.github.com, "OpenID Connect reference"; docs.gitlab.com, "OpenID Connect (OIDC) Authentication Using
 * ID Tokens".
 */
@NullMarked
package io.github.codexauth.runner.oidc;

import org.jspecify.annotations.NullMarked;
