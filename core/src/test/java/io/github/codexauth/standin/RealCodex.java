package io.github.codexauth.standin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The real Codex CLI, in the version that {@code codex/package-lock.json} pins, fetched once by npm into
 * {@code target/codex} at the top of the repository.
 */
public final class RealCodex {
    private final Path binary;

    private RealCodex(Path binary) {
        this.binary = binary;
    }

    /** Fetches it if need be. Without npm the test is skipped with a sentence, or fails if {@code CI} is set. */
    public static RealCodex get() {
        Path installed = Npm.install("codex", "codex");
        try {
            return new RealCodex(binary(installed));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder to put on the PATH. */
    public Path folder() {
        return binary.getParent();
    }

    public Path binary() {
        return binary;
    }

    /** Settings that send every request to the stand-in, for logins and access tokens. */
    public static String config(StandIn standIn) {
        return """
                model = "gpt-5"
                model_provider = "standin"
                chatgpt_base_url = "%1$s/backend-api"
                check_for_update_on_startup = false
                [model_providers.standin]
                name = "standin"
                base_url = "%1$s/backend-api/codex"
                wire_api = "responses"
                requires_openai_auth = true
                supports_websockets = false
                request_max_retries = 0
                stream_max_retries = 0
                [analytics]
                enabled = false
                """.formatted(standIn.url());
    }

    /** The variables that Codex and a shell need, and nothing else of ours. */
    public Map<String, String> environment(StandIn standIn, Path home) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PATH", folder() + ":/usr/local/bin:/usr/bin:/bin");
        environment.put("HOME", home.toString());
        environment.put("CODEX_REFRESH_TOKEN_URL_OVERRIDE", standIn.tokenUrl());
        environment.put("CODEX_REVOKE_TOKEN_URL_OVERRIDE", standIn.url() + "/oauth/revoke");
        environment.put("CODEX_AUTHAPI_BASE_URL", standIn.url());
        return environment;
    }

    /** {@code codex exec} with a prompt. */
    public List<String> exec(String... options) {
        return Stream.of(
                        Stream.of(binary.toString(), "exec", "--skip-git-repo-check"),
                        Stream.of(options),
                        Stream.of("say done"))
                .flatMap(words -> words)
                .toList();
    }

    private static Path binary(Path installed) throws IOException {
        try (Stream<Path> files = Files.walk(installed.resolve("node_modules/@openai"), 8)) {
            return files.filter(file ->
                            file.endsWith("bin/codex") && file.toString().contains("/vendor/"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the package has no binary for this platform"));
        }
    }
}
