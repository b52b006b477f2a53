package io.github.codexauth.home;

import io.github.codexauth.files.PrivateFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Homes that outlive whoever makes them, and whose content is worth nothing after an instant that their names tell.
 * Those past it are swept away when the next is made.
 *
 * <pre>
 * FOLDER/SECONDS-RANDOM/      CODEX_HOME until that second since 1970
 * </pre>
 */
public final class DatedHomes {
    private static final Pattern NAME = Pattern.compile("([0-9]{1,12})-[0-9a-f]{16}");

    private final Path folder;

    /** @param folder made when it is first needed */
    public DatedHomes(Path folder) {
        this.folder = folder;
    }

    /**
     * Sweeps, and makes a fresh home.
     *
     * @param end from when on it may be swept away
     * @throws HomeException if none can be made
     */
    public CodexHome create(Instant end, Instant now) throws HomeException {
        try {
            PrivateFiles.createFolder(folder);
            sweep(now);
            return CodexHome.create(folder.resolve(end.getEpochSecond() + "-" + PrivateFiles.randomHex(8)));
        } catch (IOException e) {
            throw new HomeException(
                    "cannot make a private CODEX_HOME in " + folder + ": " + e,
                    "choose a writable place: --homes FOLDER, on a local disk");
        }
    }

    /**
     * One of these homes.
     *
     * @param home as its real path
     * @return empty if it is none
     */
    public Optional<CodexHome> find(Path home) {
        try {
            return folder.toRealPath().equals(home.getParent())
                            && NAME.matcher(String.valueOf(home.getFileName())).matches()
                            && Files.isDirectory(home, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of(CodexHome.existing(home))
                    : Optional.empty();
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    /** What cannot be removed is left to the next sweep. */
    private void sweep(Instant now) throws IOException {
        try (DirectoryStream<Path> homes = Files.newDirectoryStream(folder)) {
            for (Path home : homes) {
                Matcher name = NAME.matcher(String.valueOf(home.getFileName()));
                if (name.matches() && now.getEpochSecond() > Long.parseLong(name.group(1))) {
                    CodexHome.existing(home).wipe();
                }
            }
        }
    }
}
