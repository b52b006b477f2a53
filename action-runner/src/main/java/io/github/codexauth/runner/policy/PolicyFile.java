package io.github.codexauth.runner.policy;

import io.github.codexauth.runner.input.InputFile;
import io.github.codexauth.runner.input.UnreadableInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** Finds and reads the operator's policy. */
final class PolicyFile {
    private static final int LONGEST = 64 * 1024;
    private static final Path OURSELVES = Path.of("/proc/self");

    private PolicyFile() {}

    /**
     * The policy that holds here.
     *
     * @param explicit a file that somebody named, which then has to exist
     * @param usual where an operator leaves it
     */
    static Loaded load(Optional<Path> explicit, Path usual) throws InvalidPolicyException, UnreadableInputException {
        Path file = explicit.orElse(usual);
        if (explicit.isEmpty() && !Files.exists(usual, LinkOption.NOFOLLOW_LINKS)) {
            return new Loaded(StandardPolicy.policy(), false);
        }
        byte[] bytes = InputFile.read("--policy", file, LONGEST);
        try {
            int user = (Integer) Files.getAttribute(OURSELVES, "unix:uid");
            PolicyOwnership.requireTrusted(file);
            return new Loaded(new PolicyReader(file).read(bytes), PolicyOwnership.isWritableBy(file, user));
        } catch (IOException | UnsupportedOperationException e) {
            throw new InvalidPolicyException(
                    "cannot tell who may write " + file, "put the policy on a local disk, owned by root");
        }
    }

    /**
     * A policy, and whether the job's user could have written it.
     */
    record Loaded(Policy policy, boolean writable) {}
}
