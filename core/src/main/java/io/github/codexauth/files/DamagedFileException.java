package io.github.codexauth.files;

import java.io.IOException;
import java.nio.file.Path;

/** A file that is not what we write. Says nothing of what is in it, which may be a secret. */
public final class DamagedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedFileException(Path file) {
        super(file + " is damaged: it is not complete JSON");
    }
}
