package io.github.codexauth.stores.vault;

import java.nio.file.Path;
import java.util.Optional;

/** How a runner comes by a token of the server. */
sealed interface SignIn {
    /** The file that holds what we show; empty if it is given as the store's password. */
    Optional<Path> file();

    /** It has one, as where an agent writes it down. */
    record ByToken(Optional<Path> file) implements SignIn {}

    /**
     * It shows the signed token of its job or of its pod.
     *
     * @param method where such tokens are judged: the path of a mounted auth method
     * @param role as what
     */
    record ByRole(String method, String role, Optional<Path> file) implements SignIn {}
}
