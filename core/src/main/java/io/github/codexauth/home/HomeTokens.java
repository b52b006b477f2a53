package io.github.codexauth.home;

import io.github.codexauth.AuthJson;
import io.github.codexauth.SecretText;
import io.github.codexauth.files.PrivateFiles;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The secrets that stand in Codex's files of one home at this instant, for a log filter that looks here before it lets
 * output pass: whoever prints a token has it from {@code auth.json}, and a watch learns of a new one some milliseconds
 * too late.
 *
 * <p>A look costs two questions to the file system, for the times of the folder and of {@code auth.json}, as long as
 * nothing changes. A file is read when its number, size or time is another one, and as long as its time is so young
 * that another change could have the same. Files are taken as they are: also a half written one has tokens in it, and
 * another account's are secrets, too.
 *
 * <p>Safe for use by several threads; when {@link #look} returns, what there was to tell has been told.
 */
public final class HomeTokens {
    /** Kernels stamp files with a clock that ticks every 1 to 10 ms; two changes within one tick look like one. */
    private static final long SAME_TIME_MILLIS = 100;

    /**
     * Room for some twenty refreshes, where a day has a few. A job that writes files without end must not fill our
     * memory.
     */
    private static final int MOST_CHARACTERS = 128 * 1024;

    private static final int SHORTEST = 8;
    private static final int LONGEST = 16 * 1024;

    /** Every field of an {@code auth.json} that is a credential, in each of Codex's ways to sign in. */
    private static final Pattern SECRET = Pattern.compile(
            "\"(?:id_token|access_token|refresh_token|OPENAI_API_KEY|personal_access_token|agent_identity)\"\\s*:\\s*\"([^\"\\\\]{"
                    + SHORTEST + "," + LONGEST + "})\"");

    private final Path folder;
    private final Consumer<List<SecretText>> found;
    private final Set<String> told = new HashSet<>();
    private int characters;
    private Map<Path, Stamp> files = new HashMap<>();
    private Stamp seen = Stamp.NONE;
    private List<Time> times = List.of();
    private boolean over;

    /**
     * @param folder the {@code CODEX_HOME}
     * @param found is given every secret once, on the thread that looks
     */
    public HomeTokens(Path folder, Consumer<List<SecretText>> found) {
        this.folder = folder;
        this.found = found;
    }

    /** Tells what is there now and was not told before. Never throws; a home that has gone is not looked for again. */
    public synchronized void look() {
        if (over || !times.isEmpty() && times.stream().allMatch(Time::isStill)) {
            return;
        }
        times = List.of();
        try {
            Stamp home = Stamp.of(folder);
            if (!home.isStill(seen)) {
                files = list();
                seen = home;
            }
            for (Map.Entry<Path, Stamp> file : files.entrySet()) {
                look(file);
            }
            rememberTimes();
        } catch (IOException gone) {
            over = !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** From when on every change has another time, the times alone tell whether there was one. */
    private void rememberTimes() {
        if (seen.settled() && files.values().stream().allMatch(Stamp::settled)) {
            List<Time> all = new ArrayList<>();
            all.add(Time.of(folder, seen));
            files.forEach((file, stamp) -> all.add(Time.of(file, stamp)));
            times = all;
        }
    }

    private void look(Map.Entry<Path, Stamp> file) throws IOException {
        Stamp stamp;
        try {
            stamp = Stamp.of(file.getKey());
        } catch (IOException renamedJustNow) {
            // What is printed after the renaming comes after the next look.
            seen = Stamp.NONE;
            return;
        }
        if (!stamp.isStill(file.getValue())) {
            file.setValue(stamp);
            if (stamp.regular()) {
                PrivateFiles.read(file.getKey(), AuthJson.LONGEST).ifPresent(this::tell);
            }
        }
    }

    private void tell(byte[] authJson) {
        List<SecretText> fresh = new ArrayList<>();
        Matcher secrets = SECRET.matcher(new String(authJson, StandardCharsets.UTF_8));
        while (secrets.find()) {
            String secret = secrets.group(1);
            if (characters + secret.length() <= MOST_CHARACTERS && told.add(secret)) {
                characters += secret.length();
                fresh.add(SecretText.of(secret));
            }
        }
        if (!fresh.isEmpty()) {
            found.accept(fresh);
        }
    }

    /** The files that there are, with what is known of those that were there before. */
    private Map<Path, Stamp> list() throws IOException {
        Map<Path, Stamp> now = new HashMap<>();
        try (DirectoryStream<Path> names = Files.newDirectoryStream(folder)) {
            for (Path file : names) {
                String name = String.valueOf(file.getFileName());
                if (name.equals("auth.json") || name.startsWith(".auth-")) {
                    now.put(file, files.getOrDefault(file, Stamp.NONE));
                }
            }
        }
        return now;
    }

    /** A time that is asked for by the one call of Java that makes nothing but that number of the answer. */
    private record Time(File file, long millis) {
        static Time of(Path path, Stamp stamp) {
            return new Time(path.toFile(), TimeUnit.NANOSECONDS.toMillis(stamp.modified()));
        }

        boolean isStill() {
            return file.lastModified() == millis;
        }
    }

    /**
     * What tells one state of a file from another.
     *
     * @param number the file's inode: a rename brings another one
     * @param modified in nanoseconds
     * @param settled whether a further change, had there been one after this look, would have had another time
     */
    private record Stamp(Object number, long size, long modified, boolean regular, boolean settled) {
        static final Stamp NONE = new Stamp("none", 0, 0, false, false);

        static Stamp of(Path path) throws IOException {
            long now = System.currentTimeMillis();
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return new Stamp(
                    Objects.requireNonNullElse(attributes.fileKey(), "none"),
                    attributes.size(),
                    attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                    attributes.isRegularFile(),
                    attributes.lastModifiedTime().toMillis() + SAME_TIME_MILLIS < now);
        }

        /** Whether nothing can have changed since an earlier look; both have to be old enough to say so. */
        boolean isStill(Stamp before) {
            return settled
                    && before.settled
                    && number.equals(before.number)
                    && size == before.size
                    && modified == before.modified
                    && regular == before.regular;
        }
    }
}
