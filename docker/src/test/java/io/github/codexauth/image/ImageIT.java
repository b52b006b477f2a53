package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the image, and what is not. */
class ImageIT {
    private static final long MOST_WITHOUT_CODEX = 80_000_000;
    /** What our tokens, OpenAI's keys and private keys begin with. */
    private static final Pattern SECRETS = Pattern.compile(
            "sk-(proj-)?[A-Za-z0-9]{20}|\\brt_[a-f0-9]{20}|-----BEGIN [A-Z ]*PRIVATE KEY-----\\s[A-Za-z0-9]");

    /** Where the image was laid out. */
    private static final Path LAYERS = Podman.IMAGE.resolveSibling("image");

    private final Engine engine = Podman.withImage();
    private final Box box = Box.plain(engine, "codex-auth-image-it");

    @TempDir
    private Path folder;

    @Test
    void itSaysWhatItIs() throws IOException {
        JsonNode image = new JsonMapper()
                .readTree(engine.call("image", "inspect", engine.image()).out())
                .get(0);

        // GitHub's rule for images of container steps; root is given up before anything else happens.
        assertThat(image.at("/Config/User").asText()).isIn("", "0", "root");
        assertThat(image.at("/Config/Entrypoint/0").asText()).isEqualTo("codex-auth");
        assertThat(image.at("/Labels/org.opencontainers.image.title").asText()).isEqualTo("codex-auth");
        assertThat(image.at("/Labels/org.opencontainers.image.licenses").asText())
                .contains("GPL-2.0-only");
        assertThat(image.at("/Labels/org.opencontainers.image.revision").asText())
                .isEqualTo(Files.readString(LAYERS.resolve("revision")).strip())
                .matches("([0-9a-f]{40})?");
        assertThat(image.at("/Labels/org.opencontainers.image.source").asText())
                .isEqualTo(Files.readString(LAYERS.resolve("source")).strip())
                .doesNotContain("@");
        assertThat(box.run("--version").out()).contains("codex-auth ", "\ncodex 0.");
        assertThat(image.at("/Labels/com.openai.codex.version").asText())
                .isEqualTo(box.with("--entrypoint=codex")
                        .run("--version")
                        .out()
                        .strip()
                        .replace("codex-cli ", ""));
    }

    @Test
    void itIsLoadedUnderTheNameThatTheDocsSay() {
        assertThat(engine.call("image", "inspect", "--format", "{{.Id}}", "codex-auth")
                        .out())
                .isNotEmpty()
                .isEqualTo(engine.call("image", "inspect", "--format", "{{.Id}}", engine.image())
                        .out());
    }

    @Test
    void itsClassDataArchiveIsUsed() {
        // Java then refuses to start without the archive, in the place of starting slowly.
        Result help = box.with("--entrypoint=sh")
                .run(
                        "-c",
                        "sed -e 's/-Xshare:auto/-Xshare:on/' -e 's|^here=.*|here=/opt/codex-auth|' /opt/codex-auth/codex-auth"
                                + " | sh -s keygen --help");

        assertThat(help.exitCode()).as(help.toString()).isZero();
        assertThat(help.out()).startsWith("Usage: codex-auth keygen");
    }

    @Test
    void itListsItsPartsInCycloneDx() throws IOException {
        JsonNode bom = new JsonMapper()
                .readTree(box.with("--entrypoint=cat").run("/" + Sbom.IN_IMAGE).out());

        assertThat(bom.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(bom.path("components").findValuesAsText("name"))
                .contains("codex-auth-action-runner", "jackson-databind", "picocli", "git", "libc6", "OpenJDK")
                .contains("@openai/codex", "codex", "rg", "bwrap", "glib");
        assertThat(bom.at("/metadata/component/type").asText()).isEqualTo("container");
        assertThat(bom.at("/metadata/component/name").asText()).isEqualTo("codex-auth");
        assertThat(bom.path("components").findValuesAsText("bom-ref")).doesNotHaveDuplicates();
    }

    @Test
    void everyProgramFindsItsLibrariesAndDoesItsWork() {
        Result libraries = box.with("--entrypoint=bash").run("-c", """
                export LD_LIBRARY_PATH=/opt/java/lib/server
                for program in /usr/bin/* /usr/sbin/* /usr/lib/git-core/* /opt/java/bin/* /opt/java/lib/*.so; do
                  [ -f "$program" ] && ldd "$program" 2> /dev/null | grep 'not found' | sed "s|^|$program|"
                done
                true
                """);
        Result git = box.with("--entrypoint=bash", "--tmpfs=/workspace:rw,U").run("-ec", """
                git init -q here && cd here && git config user.email a@b && git config user.name c
                echo 1 > a && git add a && git commit -qm 1 && git clone -q . ../there && git -C ../there log --oneline
                awk 'BEGIN { print "awk" }' && which git
                """);

        assertThat(libraries.out()).isEmpty();
        assertThat(git.exitCode()).as(git.toString()).isZero();
    }

    @Test
    void certificatesAreTrustedByJavaAndByGit() {
        Result java = box.with("--entrypoint=sh")
                .run(
                        "-c",
                        "test -s /opt/java/lib/security/cacerts"
                                + " && grep -c BEGIN /etc/ssl/certs/ca-certificates.crt");

        assertThat(Integer.parseInt(java.out().strip())).isGreaterThan(100);
    }

    @Test
    void withoutCodexItIsSmall() throws IOException {
        unpack();
        JsonNode layers = new JsonMapper()
                .readTree(folder.resolve("manifest.json").toFile())
                .at("/0/Layers");
        JsonNode config =
                new JsonMapper().readTree(folder.resolve("config.json").toFile());
        int codex = -1;
        for (int i = 0; i < config.path("history").size(); i++) {
            if (config.at("/history/" + i + "/comment").asText().equals("codex")) {
                codex = i;
            }
        }
        long all = 0;
        for (int i = 0; i < layers.size(); i++) {
            all += i == codex ? 0 : Files.size(folder.resolve(layers.get(i).asText()));
        }

        assertThat(codex).isPositive();
        assertThat(all).isLessThan(MOST_WITHOUT_CODEX);
        System.out.println("without Codex the image has " + all + " bytes compressed");
    }

    @Test
    void noLayerAndNoSettingHoldsASecret() throws IOException, InterruptedException {
        unpack();
        Path files = Files.createDirectory(folder.resolve("files"));
        try (Stream<Path> layers = Files.list(folder)) {
            for (Path layer :
                    layers.filter(file -> file.toString().endsWith(".tar.gz")).toList()) {
                run("tar", "--warning=no-unknown-keyword", "-xzf", layer.toString(), "-C", files.toString());
            }
        }
        try (Stream<Path> all = Stream.concat(Files.walk(files), Stream.of(folder.resolve("config.json")))) {
            for (Path file :
                    all.filter(Files::isRegularFile).filter(ImageIT::isText).toList()) {
                assertThat(SECRETS.matcher(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
                                .find())
                        .as(file.toString())
                        .isFalse();
            }
        }
        try (Stream<Path> home = Files.walk(files.resolve("home/codex"))) {
            assertThat(home).noneMatch(Files::isRegularFile);
        }
        assertThat(files.resolve("var/lib/codex-auth")).isEmptyDirectory();
    }

    @Test
    void theSameSourcesMakeTheSameImage() throws IOException, InterruptedException {
        Path again = folder.resolve("again");
        run(System.getProperty("codexauth.assemble"), again.toString());
        Path tar = folder.resolve("again.tar");

        new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.github.codexauth.image.BuildImage",
                        again.toString(),
                        "tar:" + again + "/base.tar",
                        "tar:" + tar,
                        System.getProperty("codexauth.version"),
                        System.getProperty("codexauth.sbom"),
                        "with")
                .inheritIO()
                .start()
                .waitFor();

        assertThat(Files.mismatch(tar, Podman.IMAGE)).isEqualTo(-1);
    }

    private static boolean isText(Path file) {
        String name = file.toString();
        return !name.contains("/opt/codex/")
                && !name.endsWith(".jsa")
                && !name.contains(".so")
                && !name.endsWith("/modules");
    }

    private void unpack() throws IOException {
        try {
            run("tar", "-xf", Podman.IMAGE.toString(), "-C", folder.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(command)).inheritIO().start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(String.join(" ", command)).isZero();
    }
}
