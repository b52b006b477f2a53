package io.github.codexauth.standin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;

/**
 * The stand-in as a process, for {@code ./demo}, {@code benchmark/run} and for trying things by hand. Arguments: a
 * folder, and for how many days the access token lasts (it has ended if that is not given). Makes {@code auth.json},
 * {@code api-key} and {@code config.toml} in the folder, and lives until its stdin ends.
 */
public final class StandInMain {
    private StandInMain() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        try (StandIn standIn = StandIn.start()) {
            Duration lasts = args.length > 1 ? Duration.ofDays(Long.parseLong(args[1])) : Duration.ofHours(-1);
            write(folder.resolve("auth.json"), standIn.newLogin(lasts).authJson());
            write(folder.resolve("api-key"), standIn.newApiKey().getBytes(StandardCharsets.UTF_8));
            write(folder.resolve("config.toml"), RealCodex.config(standIn).getBytes(StandardCharsets.UTF_8));
            System.out.println(standIn.tokenUrl());
            int seen = 0;
            while (System.in.read() == '\n') {
                // One line of input asks for what happened since the last one.
                var events = standIn.events();
                for (StandIn.Event event : events.subList(seen, events.size())) {
                    System.out.println(describe(event));
                }
                seen = events.size();
                System.out.println(".");
            }
        }
    }

    private static String describe(StandIn.Event event) {
        if (event instanceof StandIn.Event.Rotated) {
            return "server: refresh token used up, new tokens issued";
        }
        if (event instanceof StandIn.Event.Reused) {
            return "server: REFRESH TOKEN REUSED, login revoked";
        }
        if (event instanceof StandIn.Event.ModelCall call) {
            return "server: model call, status " + call.status();
        }
        return "server: " + event.getClass().getSimpleName();
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, content, Set.of(StandardOpenOption.WRITE).toArray(StandardOpenOption[]::new));
    }
}
