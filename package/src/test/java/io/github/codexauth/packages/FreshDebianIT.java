package io.github.codexauth.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.standin.StandIn;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new user on a new machine, who types what README says. */
class FreshDebianIT {
    private static final String DOWNLOAD = "https://github.com/" + Release.GITHUB + "/releases/latest/download";

    @TempDir
    private Path folder;

    @Test
    void fiveCommandsLeadFromNothingToAFinishedJob() throws IOException {
        List<String> commands = commandsOfReadme();
        assertThat(commands).hasSize(5).anyMatch(command -> command.contains(DOWNLOAD + "/install.sh"));
        Path shared = Release.sealedIn(folder);
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (StandIn standIn = StandIn.start()) {
            Files.writeString(shared.resolve("config.toml"), RealCodex.config(standIn));
            Files.writeString(shared.resolve("openai-api-key"), standIn.newApiKey());

            Files.writeString(
                    shared.resolve("readme"),
                    commands.stream()
                            .map(command -> command.replace(DOWNLOAD, "file:///shared"))
                            .map(command -> command.replace("sudo sh", "sudo CODEX_AUTH_RELEASE=file:///shared sh"))
                            .collect(Collectors.joining("\n")));

            Result result = FreshDebian.with(shared).run("""
                    # What the user has: a key. What stands in for OpenAI.
                    install -o me -m 600 /shared/openai-api-key /home/me
                    export CODEX_AUTH_CODEX_CONFIG=/shared/config.toml
                    cd /home/me
                    su me -c 'sh -e /shared/readme'
                    echo == installed
                    stat -c '%U:%G %a' /etc/codex-auth /etc/codex-auth/policy.yaml
                    command -v java || echo no other Java
                    dpkg --verify codex-auth
                    apt-get remove -y -qq codex-auth > /dev/null 2>&1
                    ls /usr/lib/codex-auth /usr/bin/codex-auth 2> /dev/null || echo removed
                    ls /etc/codex-auth
                    """);

            assertThat(result.exitCode()).as(result.toString()).isZero();
            assertThat(result.out())
                    .contains("codex-auth " + Release.VERSION + " is installed; type: codex-auth --help\n")
                    .endsWith("""
                            done
                            == installed
                            root:root 755
                            root:root 644
                            no other Java
                            removed
                            policy.yaml
                            """);
            assertThat(standIn.events(StandIn.Event.ModelCall.class)).hasSize(1);
        }
    }

    /** The block under "Install it", in which each line is a command. */
    private static List<String> commandsOfReadme() throws IOException {
        String readme = Files.readString(Release.REPOSITORY.resolve("README.md"));
        String section = readme.replaceFirst("(?s).*\n## Install it\n", "").replaceFirst("(?s)\n## .*", "");
        return section.lines()
                .filter(line -> line.startsWith("    "))
                .map(String::strip)
                .toList();
    }
}
