package io.github.codexauth.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.Login;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.standin.StandIn;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example's units as they are, under a systemd that is a machine's first process, with the Debian package. */
class SystemdIT {
    @TempDir
    private Path shared;

    @Test
    void theTimersServiceRefreshesALoginThatIsDueAndKeepsItForTheNextJob() throws IOException {
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.copy(Release.debianPackage(), shared.resolve("codex-auth.deb"));
        Files.copy(RealCodex.get().binary(), shared.resolve("codex"));
        Release.assertSuccess(
                "cp",
                "-a",
                Release.REPOSITORY.resolve("examples/systemd").toString(),
                shared.resolve("units").toString());
        try (StandIn standIn = StandIn.start()) {
            // Less than it is kept alive with, and more than Codex refreshes at its own start.
            Login login = standIn.newLogin(Duration.ofHours(2));
            Files.write(shared.resolve("auth.json"), login.authJson());
            Files.writeString(shared.resolve("config.toml"), RealCodex.config(standIn));
            // What stands in for OpenAI; a user has no such file.
            Files.writeString(shared.resolve("stand-in.conf"), """
                    [Service]
                    Environment=CODEX_AUTH_CODEX_CONFIG=/etc/stand-in.toml
                    Environment=CODEX_REFRESH_TOKEN_URL_OVERRIDE=%s CODEX_AUTHAPI_BASE_URL=%s
                    """.formatted(standIn.tokenUrl(), standIn.url()));

            Result result = FreshDebian.with(shared).runBooted("""
                    dpkg --install /shared/codex-auth.deb > /dev/null
                    install -m 755 /shared/codex /usr/local/bin
                    install -m 644 /shared/config.toml /etc/stand-in.toml
                    useradd --create-home runner
                    install -o runner -m 600 /shared/auth.json /home/runner
                    su runner -c 'codex-auth seed --id codex-ci --seed-file ~/auth.json'
                    printf 'version: 1\\nallow: [{platform: none}]\\n' > /etc/codex-auth/policy.yaml
                    echo == units
                    cp /shared/units/codex-auth-keepalive.* /etc/systemd/system
                    mkdir /etc/systemd/system/codex-auth-keepalive.service.d
                    cp /shared/stand-in.conf /etc/systemd/system/codex-auth-keepalive.service.d
                    systemctl daemon-reload
                    systemctl enable --quiet --now codex-auth-keepalive.timer
                    systemctl is-active codex-auth-keepalive.timer
                    systemctl start codex-auth-keepalive.service || journalctl --no-pager -u codex-auth-keepalive.service
                    systemctl show --property=Result codex-auth-keepalive.service
                    su runner -c 'codex-auth status --json'
                    """);

            assertThat(result.exitCode()).as(result.toString()).isZero();
            assertThat(result.out())
                    .as(result.toString())
                    .contains("== units\nactive\nResult=success\n", "\"generation\" : 2");
            assertThat(standIn.rotations()).isEqualTo(1);
        }
    }
}
