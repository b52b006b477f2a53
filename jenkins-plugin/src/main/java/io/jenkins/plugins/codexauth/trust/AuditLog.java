package io.jenkins.plugins.codexauth.trust;

import hudson.Extension;
import hudson.ExtensionList;
import io.github.codexauth.files.PrivateFiles;
import io.jenkins.plugins.codexauth.lease.ControllerStores;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A line for every verdict, in {@code codex-auth/audit.log} of Jenkins' home and in the logger {@code
 * io.jenkins.plugins.codexauth.audit}.
 *
 * <p>The file is private to Jenkins, and becomes {@code audit.log.1} when it is full. A line that cannot be written is
 * a warning in Jenkins' log and fails no build; the logger has it in any case.
 */
@Extension
public final class AuditLog {
    private static final Logger LOGGER = Logger.getLogger(AuditLog.class.getName());
    private static final Logger AUDIT = Logger.getLogger("io.jenkins.plugins.codexauth.audit");
    private static final int LARGEST = 5 * 1024 * 1024;

    private final Path file;
    private final int largest;
    private final LongAdder refused = new LongAdder();

    /** This controller's. */
    public AuditLog() {
        this(ControllerStores.root(), LARGEST);
    }

    /** @param largest how many bytes a file may have */
    AuditLog(Path folder, int largest) {
        this.file = folder.resolve("audit.log");
        this.largest = largest;
    }

    public static AuditLog get() {
        return ExtensionList.lookupSingleton(AuditLog.class);
    }

    void record(AuditLine line) {
        if (!line.allowed()) {
            refused.increment();
        }
        String text = line.text();
        // Not as a pattern: a job's name may have braces.
        AUDIT.log(Level.INFO, () -> text);
        try {
            append((text + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot write the audit log " + file);
        }
    }

    /** How many builds were refused since this process began. */
    public long refused() {
        return refused.sum();
    }

    /** The last verdicts, the newest first. */
    public synchronized List<AuditLine> latest(int most) {
        List<AuditLine> lines = new ArrayList<>(lines(file));
        if (lines.size() < most) {
            lines.addAll(0, lines(previous()));
        }
        Collections.reverse(lines);
        return List.copyOf(lines.subList(0, Math.min(most, lines.size())));
    }

    private synchronized void append(byte[] line) throws IOException {
        PrivateFiles.createFolder(file.toAbsolutePath().getParent());
        if (Files.exists(file) && Files.size(file) + line.length > largest) {
            Files.move(file, previous(), StandardCopyOption.REPLACE_EXISTING);
        }
        try (FileChannel channel = PrivateFiles.open(file)) {
            channel.position(channel.size());
            ByteBuffer buffer = ByteBuffer.wrap(line);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }

    private Path previous() {
        return file.resolveSibling("audit.log.1");
    }

    private List<AuditLine> lines(Path from) {
        try {
            return PrivateFiles.read(from, largest)
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8)
                            .lines()
                            .map(AuditLine::parse)
                            .flatMap(Optional::stream)
                            .toList())
                    .orElse(List.of());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot read the audit log " + from);
            return List.of();
        }
    }
}
