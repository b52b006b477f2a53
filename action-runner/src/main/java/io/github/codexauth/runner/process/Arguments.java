package io.github.codexauth.runner.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The words that this process was started with, as bytes. */
public final class Arguments {
    private static final Path LINE = Path.of("/proc/self/cmdline");

    /** What decoders write in the place of what they cannot read. */
    private static final String UNREADABLE = "\uFFFD";

    private Arguments() {}

    /**
     * Whether words that Java has read are still what was typed: not if they were typed in another encoding than the
     * one that Java takes arguments, and passes them on, in.
     *
     * @param words the last ones of this process's arguments
     */
    public static boolean areIntact(String... words) {
        if (!String.join("", words).contains(UNREADABLE)) {
            return true;
        }
        Charset encoding = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        StringBuilder again = new StringBuilder();
        for (String word : words) {
            again.append(new String(word.getBytes(encoding), StandardCharsets.ISO_8859_1))
                    .append('\0');
        }
        try {
            return Files.readString(LINE, StandardCharsets.ISO_8859_1).endsWith("\0" + again);
        } catch (IOException notLinux) {
            return false;
        }
    }
}
