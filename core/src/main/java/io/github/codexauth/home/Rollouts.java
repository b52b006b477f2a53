package io.github.codexauth.home;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.codexauth.TreeFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rollouts in a home: Codex writes down each conversation in {@code sessions/YEAR/MONTH/DAY/rollout-TIME-ID.jsonl},
 * and with each answer of the server what it says about the account's usage (Codex 0.138.0 to 0.171.0; none with
 * {@code codex exec --ephemeral}).
 *
 * <p>A job can write there what it likes, so what is read here decides nothing but which login the next job of a pool
 * prefers.
 */
public final class Rollouts {
    /** What is said about usage comes at the end of a conversation. */
    private static final int END = 64 * 1024;

    /** The longest window there is is a week's. */
    private static final Duration LONGEST = Duration.ofDays(8);

    private static final TreeFormat JSON = TreeFormat.json();

    private final Path home;

    public Rollouts(Path home) {
        this.home = home;
    }

    /**
     * Until when the account's usage limit is reached, by what the server said last in the newest conversation.
     *
     * @return empty if it is not reached, or nothing is known; else after {@code now}, by eight days at most
     */
    public Optional<Instant> usageLimitUntil(Instant now) {
        try {
            Optional<Path> newest = newest();
            return newest.isEmpty() ? Optional.empty() : usageLimit(end(newest.get()), now);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private Optional<Path> newest() throws IOException {
        Optional<Path> found = Optional.of(home.resolve("sessions"));
        for (String name : new String[] {"[0-9]*", "[0-9]*", "[0-9]*", "rollout-*.jsonl"}) {
            if (found.isEmpty() || !Files.isDirectory(found.get(), LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            found = last(found.get(), name);
        }
        return found.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
    }

    /** Names begin with times, and sort by them. */
    private static Optional<Path> last(Path folder, String names) throws IOException {
        @Nullable Path last = null;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, names)) {
            for (Path entry : entries) {
                last = last == null || entry.compareTo(last) > 0 ? entry : last;
            }
        }
        return Optional.ofNullable(last);
    }

    private static String end(Path file) throws IOException {
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            channel.position(Math.max(0, channel.size() - END));
            ByteBuffer end = ByteBuffer.allocate(END);
            while (end.hasRemaining() && channel.read(end) >= 0) {
                continue;
            }
            return new String(end.array(), 0, end.position(), StandardCharsets.UTF_8);
        }
    }

    private static Optional<Instant> usageLimit(String end, Instant now) {
        Optional<Instant> until = Optional.empty();
        for (String line : end.lines().toList()) {
            Optional<JsonNode> limits = limits(line);
            if (limits.isPresent()) {
                until = reached(limits.get(), now);
            }
        }
        return until;
    }

    private static Optional<JsonNode> limits(String line) {
        if (!line.contains("rate_limits")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.read(line).path("payload").path("rate_limits"))
                    .filter(JsonNode::isObject);
        } catch (IOException cut) {
            return Optional.empty();
        }
    }

    /** The end of the last of the windows that are used up. */
    private static Optional<Instant> reached(JsonNode limits, Instant now) {
        @Nullable Instant last = null;
        for (String name : new String[] {"primary", "secondary"}) {
            JsonNode window = limits.path(name);
            long seconds = window.path("resets_at").asLong();
            boolean ahead = seconds > now.getEpochSecond()
                    && seconds <= now.plus(LONGEST).getEpochSecond();
            if (ahead && window.path("used_percent").asDouble() >= 100) {
                Instant end = Instant.ofEpochSecond(seconds);
                last = last == null || end.isAfter(last) ? end : last;
            }
        }
        return Optional.ofNullable(last);
    }
}
