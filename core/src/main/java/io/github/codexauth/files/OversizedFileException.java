package io.github.codexauth.files;

import java.io.IOException;
import java.nio.file.Path;

/** A file larger than anything we would read. */
public final class OversizedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    OversizedFileException(Path file, int longest) {
        super(file + " has more than " + longest + " bytes");
    }
}
