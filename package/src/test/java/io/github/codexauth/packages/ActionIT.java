package io.github.codexauth.packages;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.standin.RunnersNode;
import io.github.codexauth.standin.StandIn;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The action at the top of the repository with the very tarball of the release, on a machine that has no Java. */
class ActionIT {
    private static final String PREFIX = "/v" + Release.VERSION + "/";

    @TempDir
    private Path folder;

    @Test
    void theActionDownloadsTheReleasesTarballAndRunsCodexWithIt() throws IOException {
        Path node = RunnersNode.program();
        Path release = Release.sealedIn(Files.createDirectory(folder.resolve("release")));
        Path shared = Files.createDirectory(
                folder.resolve("shared"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.copy(node, shared.resolve("node"));
        Release.assertSuccess(
                "cp",
                "-a",
                RealCodex.get().folder().getParent().toString(),
                shared.resolve("codex").toString());
        Release.assertSuccess(
                "cp",
                "-a",
                Release.REPOSITORY.resolve("action").toString(),
                shared.resolve("action").toString());
        pinSums(shared.resolve("action/release.json"), release);
        HttpServer server = serverOf(release);
        try (StandIn standIn = StandIn.start()) {
            Files.writeString(shared.resolve("config.toml"), RealCodex.config(standIn));
            Files.writeString(shared.resolve("event.json"), """
                    {"repository": {"full_name": "acme/app", "private": true, "fork": false, "visibility": "private"}}""");
            Files.writeString(shared.resolve("job"), """
                    mkdir ~/work ~/temp ~/tool
                    cd ~/work
                    touch ~/output ~/state
                    export CI=true GITHUB_ACTIONS=true GITHUB_ACTOR=octocat GITHUB_REPOSITORY=acme/app GITHUB_RUN_ID=4711
                    export GITHUB_EVENT_NAME=push GITHUB_EVENT_PATH=/shared/event.json RUNNER_ENVIRONMENT=self-hosted
                    export GITHUB_WORKSPACE=$HOME/work RUNNER_TEMP=$HOME/temp RUNNER_TOOL_CACHE=$HOME/tool
                    export GITHUB_OUTPUT=$HOME/output GITHUB_STATE=$HOME/state RUNNER_OS=Linux RUNNER_ARCH=X64
                    export GITHUB_ACTION_REPOSITORY=%1$s GITHUB_ACTION_REF=v%2$s
                    export CODEX_AUTH_CODEX_CONFIG=/shared/config.toml
                    export INPUT_RELEASES=http://127.0.0.1:%3$d INPUT_API_KEY=%4$s INPUT_PROMPT='say done'
                    /shared/node /shared/action/main.mjs
                    echo == output
                    cat ~/output
                    /shared/node /shared/action/post.mjs
                    echo == kept
                    grep -rlF "$INPUT_API_KEY" ~ || echo no key
                    find ~/tool -type f
                    """.formatted(
                            Release.GITHUB, Release.VERSION, server.getAddress().getPort(), standIn.newApiKey()));

            Result result = FreshDebian.with(shared).run("""
                    cp -a /shared/codex /opt/codex
                    ln -s /opt/codex/bin/codex /usr/local/bin/codex
                    useradd --create-home runner
                    command -v java || echo no Java
                    su runner -c 'sh -e /shared/job'
                    """);

            assertThat(result.exitCode()).as(result.toString()).isZero();
            assertThat(result.out())
                    .as(result.toString())
                    .startsWith("no Java\n")
                    .contains("== output\n", "done");
            assertThat(result.out())
                    .as("the archive is kept, and the key nowhere")
                    .endsWith("== kept\nno key\n/home/runner/tool/codex-auth/" + Release.VERSION + "/"
                            + Release.tarball().getFileName() + "\n");
            assertThat(standIn.events(StandIn.Event.ModelCall.class)).hasSize(1);
        } finally {
            server.stop(0);
        }
    }

    /** As {@code .ci/release/tag-major} writes the sums of a release into the action's revision. */
    private static void pinSums(Path json, Path release) throws IOException {
        List<String> sums = Files.readAllLines(release.resolve("SHA256SUMS"));
        String pinned = sums.stream()
                .filter(line -> line.endsWith(".tar.gz"))
                .map(line -> line.replaceFirst("^(\\S+) .*-(linux-\\w+)\\.tar\\.gz$", "\"$2\": \"$1\""))
                .collect(Collectors.joining(", "));
        Files.writeString(json, "{\"version\": \"" + Release.VERSION + "\", \"sha256\": {" + pinned + "}}");
    }

    private static HttpServer serverOf(Path release) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(PREFIX, exchange -> {
            try (exchange) {
                byte[] file = Files.readAllBytes(
                        release.resolve(exchange.getRequestURI().getPath().substring(PREFIX.length())));
                exchange.sendResponseHeaders(200, file.length);
                exchange.getResponseBody().write(file);
            }
        });
        server.start();
        return server;
    }
}
