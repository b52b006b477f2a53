package io.github.codexauth.files;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A file that is not read, since somebody else may have written it. */
public final class ForeignFileException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    private final String hint;

    ForeignFileException(Path file, String problem, String hint) {
        super(file.toString(), null, problem);
        this.hint = hint;
    }

    /** What to type, if the file is to be read all the same. */
    public String hint() {
        return hint;
    }
}
