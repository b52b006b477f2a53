package io.github.codexauth.image;

import io.github.codexauth.testing.Requirement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A registry on loopback, Debian's {@code docker-registry}, which is gone when it is closed. */
final class Registry implements AutoCloseable {
    private static final Pattern LISTENS = Pattern.compile("listening on (127\\.0\\.0\\.1:[0-9]+)");

    private final Process process;
    private final String address;

    private Registry(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /** Without {@code docker-registry} the test is skipped with a sentence, or fails if {@code CI} is set. */
    static Registry startedIn(Path folder) throws IOException {
        Path settings = Files.writeString(folder.resolve("registry.yml"), """
                version: 0.1
                storage:
                  filesystem:
                    rootdirectory: %s
                http:
                  addr: 127.0.0.1:0
                """.formatted(folder.resolve("registry")));
        Path log = folder.resolve("registry.log");
        Process process;
        try {
            process = new ProcessBuilder("docker-registry", "serve", settings.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException missing) {
            throw Requirement.isMissing("there is no docker-registry; apt-get install docker-registry");
        }
        Matcher listens = Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> LISTENS.matcher(Files.readString(log)), Matcher::find);
        return new Registry(process, listens.group(1));
    }

    /** Host and port. */
    String address() {
        return address;
    }

    /** What a name with a tag or digest stands for, as JSON; a list of architectures, if it is one. */
    HttpResponse<String> manifest(String name, String reference) {
        return get("/v2/" + name + "/manifests/" + reference);
    }

    HttpResponse<String> get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + path))
                .header("Accept", "application/vnd.docker.distribution.manifest.list.v2+json")
                .header("Accept", "application/vnd.docker.distribution.manifest.v2+json")
                .header("Accept", "application/vnd.oci.image.index.v1+json")
                .build();
        try {
            return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
