package io.github.codexauth.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.codexauth.testing.Requirement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The real Codex CLI, in the version that {@code codex/package-lock.json} pins, fetched once by npm into
 * {@code target/codex} at the top of the repository. {@code codex/older} pins those that have to work as well.
 */
public final class RealCodex {
    private static final String PACKAGE = "@openai/codex";

    private final String version;
    private final Path binary;

    private RealCodex(String version, Path binary) {
        this.version = version;
        this.binary = binary;
    }

    /** Fetches it if need be. Without npm the test is skipped with a sentence, or fails if {@code CI} is set. */
    public static RealCodex get() {
        Path installed = Npm.install("codex", "codex");
        String version = dependencies(installed, "dependencies").path(PACKAGE).asText();
        return new RealCodex(version, binary(installed.resolve("node_modules/@openai")));
    }

    /**
     * One that is older than {@link #get}'s. They are for Linux on amd64; elsewhere the test is skipped, also where
     * {@code CI} is set: a release is built on arm64, too.
     */
    public static RealCodex older(String version) {
        Path installed = Npm.install("codex/older", "codex-older").resolve("node_modules/codex-" + version);
        if (!Files.isDirectory(installed)) {
            String missing = "npm has Codex " + version + " for Linux on amd64 only, as it is asked for here";
            Assumptions.assumeTrue(System.getProperty("os.arch").equals("amd64"), missing);
            throw Requirement.isMissing(missing);
        }
        return new RealCodex(version, binary(installed));
    }

    /** The versions of {@link #older}, oldest first. */
    public static List<String> olderVersions() {
        List<String> versions = new ArrayList<>();
        dependencies(Npm.repository().resolve("codex/older"), "optionalDependencies")
                .fieldNames()
                .forEachRemaining(name -> versions.add(name.substring("codex-".length())));
        return versions;
    }

    /** Such as {@code 0.171.0}. */
    public String version() {
        return version;
    }

    @Override
    public String toString() {
        return version;
    }

    private static JsonNode dependencies(Path folder, String kind) {
        try {
            return new JsonMapper()
                    .readTree(folder.resolve("package.json").toFile())
                    .path(kind);
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

    private static Path binary(Path installed) {
        try (Stream<Path> files = Files.walk(installed, 8)) {
            return files.filter(file ->
                            file.endsWith("bin/codex") && file.toString().contains("/vendor/"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the package has no binary for this platform"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
