package io.github.codexauth.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the image is made of, in CycloneDX: codex-auth with the libraries in its jar, which Maven listed, Debian's
 * packages, the Java runtime, and Codex with what it brings.
 */
final class Sbom {
    /** Where scanners and people find it in the image. */
    static final String IN_IMAGE = "usr/local/share/sbom/codex-auth.cdx.json";

    /** What Codex says of the libraries that it speaks with; its other programs are linked statically. */
    private static final String SOURCES_OF_VOICE = "codex-resources/voice/sources.json";

    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectNode bom = JSON.createObjectNode();
    private final ArrayNode components;

    private Sbom(String name, String version) {
        bom.put("bomFormat", "CycloneDX").put("specVersion", "1.6").put("version", 1);
        bom.putObject("metadata")
                .putObject("component")
                .put("type", "container")
                .put("bom-ref", name)
                .put("name", name)
                .put("version", version);
        components = bom.putArray("components");
    }

    static Sbom ofImage(String name, String version) {
        return new Sbom(name, version);
    }

    /** @param jar the bill of the jar, from cyclonedx-maven-plugin */
    Sbom withJar(Path jar) throws IOException {
        JsonNode bill = JSON.readTree(jar.toFile());
        components.add(bill.at("/metadata/component"));
        components.addAll((ArrayNode) bill.path("components"));
        bom.set("dependencies", bill.path("dependencies"));
        return this;
    }

    /** @param layer a folder with packages unpacked in it */
    Sbom withDebianPackages(Path layer) throws IOException {
        try (Stream<Path> files = Files.list(layer.resolve("var/lib/dpkg/status.d"))) {
            for (Path control : files.sorted().toList()) {
                Map<String, String> fields = fields(control);
                String name = fields.getOrDefault("Package", "");
                String version = fields.getOrDefault("Version", "");
                add(
                        components,
                        "library",
                        name,
                        version,
                        "pkg:deb/debian/" + name + "@" + version + "?arch=" + fields.getOrDefault("Architecture", ""));
            }
        }
        return this;
    }

    /** @param installed the folder with Codex and the programs that it brings along */
    Sbom withCodex(String version, Path installed) throws IOException {
        ArrayNode bundled = add(
                        components, "application", "@openai/codex", version, "pkg:npm/%40openai/codex@" + version)
                .putArray("components");
        try (Stream<Path> files = Files.walk(installed)) {
            for (Path program : files.filter(Sbom::isProgram).sorted().toList()) {
                ObjectNode component = bundled.addObject()
                        .put("type", "application")
                        .put("bom-ref", "codex/" + installed.relativize(program))
                        .put("name", String.valueOf(program.getFileName()));
                component.putArray("hashes").addObject().put("alg", "SHA-256").put("content", sha256(program));
            }
        }
        Path sources = installed.resolve(SOURCES_OF_VOICE);
        if (Files.exists(sources)) {
            for (JsonNode source : JSON.readTree(sources.toFile()).path("sources")) {
                if (source.path("role").asText().equals("native-library")) {
                    String name = source.path("name").asText();
                    String its = source.path("version").asText();
                    add(bundled, "library", name, its, "pkg:generic/" + name + "@" + its);
                }
            }
        }
        return this;
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file)
                && Files.isExecutable(file)
                && !file.toString().contains(".so")
                && !file.toString().endsWith(".json");
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] piece = new byte[1 << 16];
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                digest.update(piece, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    Sbom withJava(String version) {
        add(components, "platform", "OpenJDK", version, "pkg:generic/openjdk@" + version);
        return this;
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(bom));
    }

    private static ObjectNode add(ArrayNode list, String type, String name, String version, String purl) {
        return list.addObject()
                .put("type", type)
                .put("bom-ref", purl)
                .put("name", name)
                .put("version", version)
                .put("purl", purl);
    }

    /** The first lines of a control file, see deb-control(5). */
    private static Map<String, String> fields(Path control) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(control));
        lines.removeIf(line -> line.startsWith(" ") || !line.contains(": "));
        return lines.stream()
                .map(line -> line.split(": ", 2))
                .collect(Collectors.toMap(field -> field[0], field -> field[1], (first, second) -> first));
    }
}
