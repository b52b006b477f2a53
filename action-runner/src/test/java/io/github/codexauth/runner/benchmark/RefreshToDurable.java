package io.github.codexauth.runner.benchmark;

import io.github.codexauth.home.HomeWatch;
import io.github.codexauth.session.CodexSession;
import io.github.codexauth.standin.Login;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;

/** From the rename by which Codex puts a refreshed file in place to the moment at which the store has it for good. */
final class RefreshToDurable {
    private static final int WARM_UP = 20;
    private static final int TIMES = 300;

    private RefreshToDurable() {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(args[0]), "durable");
        Instant start = Instant.now().minus(Duration.ofDays(1));
        Login login = Login.unknownToAnyServer("acme", "bot", start, Duration.ofDays(10));
        CodexSession session = Session.open(folder, login);
        Timings timings = new Timings(TIMES);
        try (HomeWatch watch = session.watch()) {
            for (int i = 0; i < WARM_UP + TIMES; i++) {
                login.rotate(start.plusSeconds(i + 1), Duration.ofDays(10));
                Path aside = Files.write(session.home().folder().resolve(".auth-new"), login.authJson());
                long before = session.current().generation();
                Files.move(aside, session.home().authJson(), StandardCopyOption.ATOMIC_MOVE);
                long renamed = System.nanoTime();
                while (session.current().generation() == before) {
                    Thread.onSpinWait();
                }
                if (i >= WARM_UP) {
                    timings.add(System.nanoTime() - renamed);
                }
            }
        }
        session.finish();
        timings.print("A refreshed file, from Codex's rename to durable in the store");
    }
}
