package io.jenkins.plugins.codexauth.engine;

import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.testing.DockerDaemon;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An image with the real Codex, and with what Jenkins needs for a shell step. It is made of this machine's own programs
 * and their libraries, so that nothing is fetched.
 */
public final class CodexImage {
    /** Where Codex is in it. */
    public static final String CODEX = "/opt/codex/bin/codex";

    private static final String LAY_OUT = """
            set -eu
            mkdir -p root/tmp root/usr/local/bin root/opt
            for program in cat cp date env grep id ls mkdir mv nohup ps rm sleep touch; do
              file=$(command -v $program)
              cp -L --parents "$file" $(ldd "$file" | grep -o '/[^ ]*') root
            done
            cp -L --parents /bin/sh $(ldd /bin/sh | grep -o '/[^ ]*') root
            cp -r "$1" root/opt/codex
            cp codex root/usr/local/bin
            chmod 755 root/usr/local/bin/codex
            chmod 1777 root/tmp
            tar -C root -cf image.tar .
            """;

    private CodexImage() {}

    /**
     * Loads it.
     *
     * @param name what it is called there
     * @param codex the script that is {@code codex} in it
     */
    public static void load(DockerDaemon docker, String name, String codex) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "image");
        Files.writeString(folder.resolve("codex"), codex);
        String release = RealCodex.get().folder().getParent().toString();
        Process layOut = new ProcessBuilder("sh", "-c", LAY_OUT, "lay-out", release)
                .directory(folder.toFile())
                .inheritIO()
                .start();
        if (layOut.waitFor() != 0) {
            throw new IOException("the image could not be laid out");
        }
        Result imported = docker.call("import", folder.resolve("image.tar").toString(), name);
        new ProcessBuilder("rm", "-r", folder.toString()).start().waitFor();
        if (imported.exitCode() != 0) {
            throw new AssertionError(imported);
        }
    }
}
