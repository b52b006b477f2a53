package io.github.codexauth.image;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the image is made of, in CycloneDX: the libraries in the jar, which Maven listed, and beside them Debian's
 * packages, Codex and the Java runtime.
 */
final class Sbom {
    /** Where scanners and people find it in the image. */
    static final String IN_IMAGE = "usr/local/share/sbom/codex-auth.cdx.json";

    private final ObjectNode bom;
    private final ArrayNode components;

    private Sbom(ObjectNode bom) {
        this.bom = bom;
        this.components = bom.withArray("components");
    }

    /** @param jar the bill of the jar, from cyclonedx-maven-plugin */
    static Sbom extending(Path jar) throws IOException {
        return new Sbom((ObjectNode) new JsonMapper().readTree(jar.toFile()));
    }

    /** @param layer a folder with packages unpacked in it */
    Sbom withDebianPackages(Path layer) throws IOException {
        try (Stream<Path> files = Files.list(layer.resolve("var/lib/dpkg/status.d"))) {
            for (Path control : files.sorted().toList()) {
                Map<String, String> fields = fields(control);
                String name = fields.getOrDefault("Package", "");
                String version = fields.getOrDefault("Version", "");
                add(
                        "library",
                        name,
                        version,
                        "pkg:deb/debian/" + name + "@" + version + "?arch=" + fields.getOrDefault("Architecture", ""));
            }
        }
        return this;
    }

    Sbom withCodex(String version) {
        return add("application", "@openai/codex", version, "pkg:npm/%40openai/codex@" + version);
    }

    Sbom withJava(String version) {
        return add("platform", "OpenJDK", version, "pkg:generic/openjdk@" + version);
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(bom));
    }

    private Sbom add(String type, String name, String version, String purl) {
        components
                .addObject()
                .put("type", type)
                .put("bom-ref", purl)
                .put("name", name)
                .put("version", version)
                .put("purl", purl);
        return this;
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
