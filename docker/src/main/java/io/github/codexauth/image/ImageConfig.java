package io.github.codexauth.image;

import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** What a container of the image starts with. */
final class ImageConfig {
    /** In order: the same image has the same settings in the same places. */
    private static final Map<String, String> ENVIRONMENT = new TreeMap<>(Map.ofEntries(
            Map.entry("CODEX_AUTH_STORE", "file:/var/lib/codex-auth/store"),
            Map.entry("HOME", "/home/codex"),
            Map.entry("JAVA_HOME", "/opt/java"),
            Map.entry("LANG", "C.UTF-8"),
            Map.entry("PATH", "/usr/local/bin:/opt/codex/bin:/usr/bin:/usr/sbin"),
            Map.entry("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"),
            Map.entry("XDG_STATE_HOME", "/home/codex/.local/state")));

    /**
     * Ours, Codex and the libraries of the jar, Java, bash and the GNU tools, git, glibc. Each package's own is in the
     * image.
     */
    private static final String LICENSES = "MIT AND Apache-2.0 AND GPL-2.0-only WITH Classpath-exception-2.0"
            + " AND GPL-3.0-or-later AND GPL-2.0-only AND LGPL-2.1-or-later";

    private ImageConfig() {}

    static void apply(JibContainerBuilder image, String version, ImageLayers layers) throws IOException {
        image.setEntrypoint("codex-auth")
                .setProgramArguments("--help")
                .setWorkingDirectory(AbsoluteUnixPath.get("/workspace"))
                .setCreationTime(Instant.EPOCH)
                .setEnvironment(ENVIRONMENT)
                .addLabel("org.opencontainers.image.title", "codex-auth")
                .addLabel("org.opencontainers.image.description", "Signs the Codex CLI in on private CI")
                .addLabel("org.opencontainers.image.licenses", LICENSES)
                .addLabel("org.opencontainers.image.version", version);
        layers.source().ifPresent(source -> image.addLabel("org.opencontainers.image.source", source));
        layers.revision().ifPresent(revision -> image.addLabel("org.opencontainers.image.revision", revision));
        layers.codexVersion().ifPresent(codex -> image.addLabel("com.openai.codex.version", codex));
    }
}
