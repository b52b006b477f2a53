package io.github.codexauth.runner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.testing.Result;
import io.github.codexauth.testing.Running;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The three files that the build leaves, in the folder where somebody put them, and what a start takes of them. */
class LauncherIT {
    private static final Path BUILT = Path.of(System.getProperty("codexauth.launcher", "target/codex-auth"))
            .toAbsolutePath()
            .getParent();

    private static final Path TRAINING = BUILT.resolveSibling("src/launcher/training");

    @TempDir
    private Path folder;

    @Test
    void theClassDataArchiveIsUsedWhereverTheFolderIsPut() throws IOException {
        for (String file : List.of("codex-auth", "codex-auth.jar", "codex-auth.jsa")) {
            Files.copy(BUILT.resolve(file), folder.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        // Java then refuses to start without the archive, in the place of starting slowly.
        Path launcher = folder.resolve("codex-auth");
        Files.writeString(launcher, Files.readString(launcher).replace("-Xshare:auto", "-Xshare:on"));

        Result started = run(launcher.toString(), "keygen", "--help");

        assertThat(started.exitCode()).as(started.toString()).isZero();
        assertThat(started.out()).startsWith("Usage: codex-auth keygen");
    }

    /** Each of these drags a hundred others along, or makes Java write classes while a job waits. */
    @ParameterizedTest
    @ValueSource(strings = {"key", "access", "all"})
    void aRunLoadsNothingOfWhatItHardlyNeeds(String way) throws IOException {
        assertThat(classesOfARun(way))
                .as("the run itself")
                .contains("io.github.codexauth.runner.process.Job")
                .as("beans, dates and numbers in the user's language")
                .doesNotContain(
                        "com.fasterxml.jackson.databind.ObjectMapper",
                        "com.fasterxml.jackson.databind.DeserializationContext",
                        "com.fasterxml.jackson.databind.util.StdDateFormat",
                        "java.text.NumberFormat",
                        "java.util.Formatter",
                        "java.util.Scanner")
                .as("YAML that makes objects")
                .doesNotContain("org.yaml.snakeyaml.Yaml", "org.yaml.snakeyaml.constructor.BaseConstructor")
                .as("types that no option has")
                .doesNotContain("java.sql.DriverManager", "java.time.YearMonth")
                .as("the equality of records that is not written out")
                .doesNotContain("java.lang.runtime.ObjectMethods");
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "all"})
    void aRunHasAllOfTheJarThatItNeedsOutOfTheArchive(String way) throws IOException {
        assertThat(classesOfARun(way))
                .as("what opens a jar")
                .contains("java.util.zip.ZipFile")
                .doesNotContain("jdk.internal.loader.URLClassPath$JarLoader");
    }

    /** What it drags along is a good part of such a run, which needs no digest and no signature. */
    @Test
    void aRunWithAKeyLeavesSecurityProvidersStreamsAndDatesAlone() throws IOException {
        assertThat(classesOfARun("key"))
                .doesNotContain(
                        "java.security.Security",
                        "java.security.SecureRandom",
                        "java.util.stream.ReferencePipeline",
                        "java.time.format.DateTimeFormatter");
    }

    @Test
    void whatReadsTheCommandLineComesVerifiedOutOfTheArchive() throws IOException {
        try (JarFile jar = new JarFile(BUILT.resolve("codex-auth.jar").toFile());
                DataInputStream read =
                        new DataInputStream(jar.getInputStream(jar.getJarEntry("picocli/CommandLine.class")))) {
            read.skipNBytes(Integer.BYTES + Short.BYTES);
            // Java 17's; those of Java 5 are verified at each start.
            assertThat(read.readUnsignedShort()).isEqualTo(61);
        }
    }

    private List<String> classesOfARun(String way) throws IOException {
        for (String file : List.of("codex-auth", "codex-auth.jar", "codex-auth.jsa")) {
            Files.copy(BUILT.resolve(file), folder.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path launcher = folder.resolve("codex-auth");
        Path loaded = logClasses(launcher);
        Path secret = privateFile("api-key", "sk-not-a-key-of-anybody");
        Path login = privateFile("auth.json", Files.readString(TRAINING.resolve("auth.json")));
        Path policy = privateFile("policy.yaml", Files.readString(TRAINING.resolve("policy.yaml")));
        List<String> command = new ArrayList<>(List.of(launcher.toString(), "run", "--policy", policy.toString()));
        command.addAll(
                way.equals("key")
                        ? List.of("--api-key-file", secret.toString())
                        : List.of("--give", way, "--id", "ci", "--seed-file", login.toString()));
        command.addAll(List.of("--", "true"));
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().clear();
        process.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "HOME", folder.toString()));
        Result ran = new Running(process.start()).result();
        assertThat(ran.exitCode()).as(ran.toString()).isZero();
        return Files.readAllLines(loaded).stream()
                .map(line -> line.split("[ /]")[0])
                .toList();
    }

    /** The launcher switches Java's logging off, so the log is asked for in it. */
    private Path logClasses(Path launcher) throws IOException {
        Path loaded = folder.resolve("loaded");
        String errorsAlone = "-Xlog:all=error:stderr";
        String classesToo = errorsAlone + " -Xlog:class+load=info:file=" + loaded + ":none";
        Files.writeString(launcher, Files.readString(launcher).replace(errorsAlone, classesToo));
        return loaded;
    }

    private Path privateFile(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, content);
    }

    private static Result run(String... command) throws IOException {
        return new Running(new ProcessBuilder(command).start()).result();
    }
}
