package io.github.codexauth.image;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The image's layers, what changes least first: the tools, the Java runtime, Codex, and codex-auth itself.
 *
 * <p>Every file has the mode of its original and one fixed time, so that the same files make the same image.
 */
final class ImageLayers {
    private static final String CODEX = "codex";
    private static final List<String> NAMES = List.of("tools", "runtime", CODEX, "app");
    /** Jib's own: a second after the epoch, since some programs take zero for "no time". */
    private static final Instant TIME = Instant.ofEpochSecond(1);

    /** Where nothing is mounted there, jobs run as its owner, who is nobody else. */
    private static final String JOBS_FOLDER = "/workspace";

    private static final String JOBS_USER = "10002:10002";

    private final Path folder;
    private final List<String> names;

    private ImageLayers(Path folder, List<String> names) {
        this.folder = folder;
        this.names = List.copyOf(names);
    }

    static ImageLayers in(Path folder) {
        return new ImageLayers(folder, NAMES);
    }

    ImageLayers withoutCodex() {
        return new ImageLayers(
                folder, names.stream().filter(name -> !name.equals(CODEX)).toList());
    }

    List<FileEntriesLayer> all() throws IOException {
        List<FileEntriesLayer> layers = new ArrayList<>();
        for (String name : names) {
            layers.add(layer(name));
        }
        return layers;
    }

    /** The architecture that assemble found on its machine, in the words of the image specification. */
    String architecture() throws IOException {
        return read("architecture");
    }

    /** Empty without Codex. */
    Optional<String> codexVersion() throws IOException {
        return names.contains(CODEX) ? Optional.of(read("codex-version")) : Optional.empty();
    }

    /** Where the sources are; empty if assemble could not know. */
    Optional<String> source() throws IOException {
        return known("source");
    }

    /** The commit; empty if assemble could not know. */
    Optional<String> revision() throws IOException {
        return known("revision");
    }

    /** Puts the list of all that is in the image into the image. */
    void describe(Sbom sbom) throws IOException {
        sbom.withDebianPackages(folder.resolve("base"))
                .withDebianPackages(folder.resolve("tools"))
                .withJava(read("java-version"));
        Optional<String> codex = codexVersion();
        if (codex.isPresent()) {
            sbom.withCodex(codex.get(), folder.resolve("codex/opt/codex"));
        }
        sbom.write(folder.resolve("app").resolve(Sbom.IN_IMAGE));
    }

    private Optional<String> known(String name) throws IOException {
        return Optional.of(read(name)).filter(text -> !text.isEmpty());
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name)).strip();
    }

    private FileEntriesLayer layer(String name) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        try (Stream<Path> children = Files.list(folder.resolve(name))) {
            for (Path child : children.sorted().toList()) {
                layer.addEntryRecursive(
                        child,
                        AbsoluteUnixPath.get("/" + child.getFileName()),
                        (source, inImage) -> mode(source),
                        (source, inImage) -> TIME,
                        (source, inImage) -> owner(inImage));
            }
        }
        return layer.build();
    }

    private static FilePermissions mode(Path source) {
        try {
            return FilePermissions.fromPosixFilePermissions(Files.getPosixFilePermissions(source));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String owner(AbsoluteUnixPath inImage) {
        return inImage.toString().equals(JOBS_FOLDER) ? JOBS_USER : "0:0";
    }
}
