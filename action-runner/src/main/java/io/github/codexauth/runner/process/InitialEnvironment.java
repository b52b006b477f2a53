package io.github.codexauth.runner.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * The block of memory that holds the variables a process was started with. Linux shows it to every process of the same
 * user as {@code /proc/PID/environ}, so to the job, whatever the process has done with its variables since.
 *
 * <p>A process may write to its own memory, by {@code /proc/self/mem}, and {@code /proc/self/stat} says where the block
 * is (proc_pid_stat(5), {@code env_start} and {@code env_end}). So values can be taken out of it, without another
 * process, and without a pipe or a file in between. The copies that Java made of the variables at its start stay.
 */
public final class InitialEnvironment {
    /** After the name in parentheses comes the third field; these are the 50th and the 51st. */
    private static final int ENV_START = 50 - 3;

    private static final int ENV_END = 51 - 3;

    /** More than execve(2) takes: a quarter of the stack's limit, at most 6 MiB. */
    private static final int LONGEST = 8 * 1024 * 1024;

    private final Path stat;
    private final Path memory;

    private InitialEnvironment(Path stat, Path memory) {
        this.stat = stat;
        this.memory = memory;
    }

    /** This process's own. */
    public static InitialEnvironment ofThisProcess() {
        return in(Path.of("/proc/self"));
    }

    /** @param process a folder as {@code /proc/PID} is one */
    static InitialEnvironment in(Path process) {
        return new InitialEnvironment(process.resolve("stat"), process.resolve("mem"));
    }

    /**
     * Overwrites the values of variables with zeros.
     *
     * @param names which ones
     * @return whether none of these values can be read there any more; false on systems other than Linux, and where
     *     {@code /proc/self/mem} cannot be written
     */
    public boolean forget(Predicate<String> names) {
        try {
            String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            long start = Long.parseLong(fields[ENV_START]);
            long length = Long.parseLong(fields[ENV_END].strip()) - start;
            if (start <= 0 || length < 0 || length > LONGEST) {
                return false;
            }
            byte[] block = new byte[(int) length];
            try (RandomAccessFile file = new RandomAccessFile(memory.toFile(), "rw")) {
                file.seek(start);
                file.readFully(block);
                if (!erase(block, names)) {
                    return true;
                }
                file.seek(start);
                file.write(block);
                byte[] now = new byte[block.length];
                file.seek(start);
                file.readFully(now);
                return !erase(now, names);
            }
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException notThisKernel) {
            return false;
        }
    }

    /** @return whether there was a value */
    private static boolean erase(byte[] block, Predicate<String> names) {
        boolean found = false;
        int at = 0;
        while (at < block.length) {
            int end = at;
            int equals = -1;
            for (; end < block.length && block[end] != 0; end++) {
                if (equals < 0 && block[end] == '=') {
                    equals = end;
                }
            }
            if (equals >= 0
                    && equals + 1 < end
                    && names.test(new String(block, at, equals - at, StandardCharsets.ISO_8859_1))) {
                Arrays.fill(block, equals + 1, end, (byte) 0);
                found = true;
            }
            at = end + 1;
        }
        return found;
    }
}
