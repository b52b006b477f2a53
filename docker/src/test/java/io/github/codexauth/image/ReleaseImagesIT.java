package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a release puts its images into a registry: small ones here, of two architectures, made as the real ones are. */
class ReleaseImagesIT {
    private static final Path REPOSITORY = Path.of(System.getProperty("codexauth.repository", ".."))
            .toAbsolutePath()
            .normalize();
    private static final String NAME = "acme/codex-fork";

    @TempDir
    private Path folder;

    private Registry registry;

    @BeforeEach
    void anEmptyRegistry() throws IOException {
        registry = Registry.startedIn(folder);
    }

    @AfterEach
    void noRegistry() {
        registry.close();
    }

    @Test
    void oneNameStandsForBothArchitecturesWithCodexAndWithout() throws Exception {
        pushBothArchitectures("");

        Result joined = join();

        assertThat(joined.exitCode()).as(joined.toString()).isZero();
        JsonNode tags = json(registry.get("/v2/" + NAME + "/tags/list").body()).path("tags");
        assertThat(tags)
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder(
                        "1.2.3",
                        "1.2",
                        "1",
                        "1.2.3-no-codex",
                        "1.2-no-codex",
                        "1-no-codex",
                        "1.2.3-amd64",
                        "1.2.3-arm64",
                        "1.2.3-amd64-no-codex",
                        "1.2.3-arm64-no-codex");
        for (String suffix : List.of("", "-no-codex")) {
            JsonNode list =
                    json(registry.manifest(NAME, "1.2.3" + suffix).body()).path("manifests");
            assertThat(list)
                    .extracting(image -> image.at("/platform/architecture").asText())
                    .containsExactly("amd64", "arm64");
            // What was signed under its own digest is what everybody gets.
            assertThat(list)
                    .extracting(image -> image.path("digest").asText())
                    .containsExactly(digest("1.2.3-amd64" + suffix), digest("1.2.3-arm64" + suffix));
            assertThat(digest("1.2" + suffix)).isEqualTo(digest("1.2.3" + suffix));
        }
        Properties outputs = new Properties();
        outputs.load(new StringReader(joined.out()));
        assertThat(outputs)
                .containsOnly(
                        Map.entry("image", registry.address() + "/" + NAME),
                        Map.entry("digest", digest("1.2.3")),
                        Map.entry("digest-no-codex", digest("1.2.3-no-codex")));
    }

    @Test
    void anImageWithoutCodexHasNeitherItNorItsName() throws Exception {
        pushBothArchitectures("");

        JsonNode with = configOf("1.2.3-amd64");
        JsonNode without = configOf("1.2.3-amd64-no-codex");

        assertThat(with.at("/config/Labels").findValuesAsText("com.openai.codex.version"))
                .containsExactly("0.1");
        assertThat(without.at("/config/Labels").has("com.openai.codex.version")).isFalse();
        assertThat(with.path("history").findValuesAsText("comment")).contains("codex", "app");
        assertThat(without.path("history").findValuesAsText("comment"))
                .doesNotContain("codex")
                .contains("app");
        assertThat(with.at("/config/Labels/org.opencontainers.image.source").asText())
                .isEqualTo("https://example.com/acme/codex-fork");
        // What nobody knows is not said.
        assertThat(with.at("/config/Labels").has("org.opencontainers.image.revision"))
                .isFalse();
    }

    @Test
    void aWeeklyBuildMovesWhatMayMoveAndLeavesTheReleaseAsItWas() throws Exception {
        pushBothArchitectures("");
        join();
        String released = digest("1.2.3");
        Files.writeString(folder.resolve("content"), "newer");
        pushBothArchitectures("-weekly");

        Result joined = join("weekly");

        assertThat(joined.exitCode()).as(joined.toString()).isZero();
        assertThat(digest("1.2.3")).isEqualTo(released);
        assertThat(digest("1.2")).isNotEqualTo(released).isEqualTo(digest("1"));
    }

    private void pushBothArchitectures(String variant) throws Exception {
        for (String architecture : List.of("amd64", "arm64")) {
            Path layers = layers(architecture + variant, architecture);
            for (String codex : List.of("with", "without")) {
                String suffix = codex.equals("with") ? "" : "-no-codex";
                BuildImage.main(new String[] {
                    layers.toString(),
                    "tar:" + layers.resolve("base.tar"),
                    registry.address() + "/" + NAME + ":1.2.3-" + architecture + variant + suffix,
                    "1.2.3",
                    System.getProperty("codexauth.sbom"),
                    codex
                });
            }
        }
    }

    /** What assemble would have left on a machine of that architecture, if all of it were one small file. */
    private Path layers(String name, String architecture) throws IOException {
        Path layers = Files.createDirectory(folder.resolve(name));
        Path content = folder.resolve("content");
        if (!Files.exists(content)) {
            Files.writeString(content, "older");
        }
        for (String layer : List.of("base", "tools", "runtime", "codex/opt/codex", "app")) {
            Files.createDirectories(layers.resolve(layer));
            Files.copy(content, layers.resolve(layer).resolve("file-of-" + layer.replace('/', '-')));
        }
        for (String layer : List.of("base", "tools")) {
            Files.createDirectories(layers.resolve(layer).resolve("var/lib/dpkg/status.d"));
        }
        Files.writeString(layers.resolve("architecture"), architecture);
        Files.writeString(layers.resolve("codex-version"), "0.1");
        Files.writeString(layers.resolve("java-version"), "17");
        Files.writeString(layers.resolve("source"), "https://example.com/acme/codex-fork");
        Files.writeString(layers.resolve("revision"), "");
        run("sh", "-ec", """
                cd "$0"
                tar -cf layer.tar -C base --mtime=@1 .
                digest=$(sha256sum < layer.tar | cut -d' ' -f1)
                echo '{"architecture":"'$1'","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:'$digest'"]}}' > config.json
                echo '[{"Config":"config.json","RepoTags":[],"Layers":["layer.tar"]}]' > manifest.json
                tar -cf base.tar manifest.json config.json layer.tar
                """, layers.toString(), architecture);
        return layers;
    }

    private Result join(String... variant) throws IOException {
        var command =
                new ArrayList<>(List.of(REPOSITORY.resolve(".ci/release/join").toString(), "1.2.3", "Acme/codex-fork"));
        command.addAll(List.of(variant));
        return run(command.toArray(String[]::new));
    }

    private Result run(String... command) throws IOException {
        var builder = new ProcessBuilder(command);
        builder.environment().putAll(Podman.withImage().environment());
        builder.environment().put("REGISTRY", registry.address());
        return new Running(builder.start()).result();
    }

    private String digest(String tag) {
        return registry.manifest(NAME, tag)
                .headers()
                .firstValue("Docker-Content-Digest")
                .orElseThrow();
    }

    private JsonNode configOf(String tag) throws IOException {
        String digest =
                json(registry.manifest(NAME, tag).body()).at("/config/digest").asText();
        return json(registry.get("/v2/" + NAME + "/blobs/" + digest).body());
    }

    private static JsonNode json(String text) throws IOException {
        return new JsonMapper().readTree(text);
    }
}
