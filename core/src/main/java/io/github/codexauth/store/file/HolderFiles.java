package io.github.codexauth.store.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.codexauth.files.JsonFile;
import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.SharedUseStore.Use;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.io.IOUtils;

/**
 * Who shares a credential, or waits for it: a file for each, which the kernel keeps locked for as long as its process
 * lives. What a killed one left is removed by whoever looks next.
 */
record HolderFiles(Path folder) {
    private static final String SUFFIX = ".json";
    private static final int LONGEST = 4096;

    /** Adds somebody. */
    Use add(Holder user) throws IOException {
        PrivateFiles.createFolder(folder);
        String name = PrivateFiles.randomHex(8);
        // Under a name that nobody looks for, until it is locked: an unlocked one is taken for a dead user's.
        Path fresh = folder.resolve("." + name);
        Path file = folder.resolve(name + SUFFIX);
        FileChannel channel = PrivateFiles.open(fresh);
        boolean added = false;
        try {
            channel.lock();
            channel.write(ByteBuffer.wrap(json(user)));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            added = true;
        } finally {
            if (!added) {
                channel.close();
                Files.deleteIfExists(fresh);
            }
        }
        return () -> {
            remove(file);
            IOUtils.closeQuietly(channel);
        };
    }

    /** All of them, longest first. */
    List<Holder> all() throws IOException {
        List<Holder> users = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                if (isAlive(file)) {
                    read(file).ifPresent(users::add);
                } else {
                    remove(file);
                }
            }
        } catch (NoSuchFileException nobodyYet) {
            return List.of();
        }
        users.sort(Comparator.comparing(Holder::since));
        return List.copyOf(users);
    }

    private static boolean isAlive(Path file) throws IOException {
        try (FileChannel channel = PrivateFiles.open(file);
                FileLock free = channel.tryLock()) {
            return free == null;
        } catch (OverlappingFileLockException ours) {
            return true;
        }
    }

    /** Empty if it ended just now. */
    private static Optional<Holder> read(Path file) throws IOException {
        Optional<JsonNode> json = new JsonFile(file, LONGEST).readOwn();
        try {
            return json.map(user -> new Holder(
                    user.path("holder").asText(),
                    Instant.parse(user.path("since").asText())));
        } catch (DateTimeException damaged) {
            return Optional.empty();
        }
    }

    private static byte[] json(Holder user) {
        return (JsonFile.object()
                                .put("holder", user.description())
                                .put("since", user.since().toString())
                        + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException left) {
            // Whoever looks next tries again.
            return;
        }
    }
}
