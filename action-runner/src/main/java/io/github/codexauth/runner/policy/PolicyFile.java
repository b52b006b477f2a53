package io.github.codexauth.runner.policy;

import io.github.codexauth.files.PathOwnership;
import io.github.codexauth.runner.input.InputFile;
import io.github.codexauth.runner.input.UnreadableInputException;
import io.github.codexauth.runner.process.JobUser;
import io.github.codexauth.trust.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/** Finds and reads what the operator says. */
final class PolicyFile {
    private static final int LONGEST = 64 * 1024;

    private PolicyFile() {}

    /**
     * The policies that hold here; a job has to be allowed by each.
     *
     * <p>The machine's own file is a floor. Whoever names another one can narrow it with that and nothing else, so it
     * does not matter whether the job could have written the other one. Where the machine has no file, a named one
     * stands in its place, if the job could not have brought it.
     *
     * @param named a file that somebody named, which then has to exist
     * @param machines where the operator of a machine leaves its policy
     * @param outsideOfCi whether a person or a timer started this process
     * @param jobUser whom the job runs as, if not as our own user
     * @return the machine's first, at least one
     */
    static List<Loaded> load(Optional<Path> named, Path machines, boolean outsideOfCi, Optional<JobUser> jobUser)
            throws InvalidPolicyException, UnreadableInputException {
        if (exists(machines)) {
            Loaded floor = operators(read(machines, jobUser));
            return named.isEmpty() || isSame(named.get(), machines)
                    ? List.of(floor)
                    : List.of(floor, new Loaded(read(named.get(), jobUser).policy(), Optional.empty()));
        }
        if (named.isEmpty()) {
            return List.of(new Loaded(StandardPolicy.policy(), Optional.empty()));
        }
        Source source = read(named.get(), jobUser);
        return List.of(outsideOfCi ? operators(source) : brought(source, machines));
    }

    /**
     * A policy, and what speaks against relying on it.
     */
    record Loaded(Policy policy, Optional<Refusal> doubt) {}

    /**
     * A policy file that was read.
     *
     * @param writable whether the job's user could have written it
     */
    private record Source(Path file, Policy policy, boolean writable) {}

    /** The operator's word, also about who may write it. */
    private static Loaded operators(Source source) {
        return new Loaded(
                source.policy(),
                source.writable() && !source.policy().jobMayWritePolicy()
                        ? Optional.of(new Refusal(
                                "this job runs as a user who could change the policy " + source.file(),
                                "run jobs as another user than the policy's owner; or, where operator and jobs are one user on"
                                        + " purpose, add to the policy: job-may-write-policy: true"))
                        : Optional.empty());
    }

    /**
     * A file that a job of a CI system named: what it could have written itself may only deny, whatever is written
     * there.
     */
    private static Loaded brought(Source source, Path machines) {
        return new Loaded(
                source.policy(),
                source.writable()
                        ? Optional.of(new Refusal(
                                "this job runs as a user who could change the policy " + source.file()
                                        + ", and named it itself",
                                "let the machine's operator say who may have credentials, as root: install -D -m 644 policy.yaml "
                                        + machines + "; 'job-may-write-policy: true' counts there as well"))
                        : Optional.empty());
    }

    private static Source read(Path file, Optional<JobUser> jobUser)
            throws InvalidPolicyException, UnreadableInputException {
        byte[] bytes = InputFile.read("--policy", file, LONGEST);
        try {
            int user = user(jobUser);
            PolicyOwnership.requireTrusted(file, user);
            return new Source(file, new PolicyReader(file).read(bytes), PolicyOwnership.isWritableBy(file, user));
        } catch (IOException | UnsupportedOperationException e) {
            throw new InvalidPolicyException(
                    "cannot tell who may write " + file, "put the policy on a local disk, owned by root");
        }
    }

    private static int user(Optional<JobUser> jobUser) throws IOException {
        if (jobUser.isPresent()) {
            return jobUser.get().tenant().user();
        }
        Optional<Integer> ours = PathOwnership.currentUser();
        if (ours.isEmpty()) {
            throw new IOException("there is no /proc");
        }
        return ours.get();
    }

    /** @throws InvalidPolicyException if nobody can tell: a floor that cannot be seen is not one that is not there */
    private static boolean exists(Path machines) throws InvalidPolicyException {
        try {
            Files.readAttributes(machines, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (NoSuchFileException absent) {
            return false;
        } catch (IOException hidden) {
            throw new InvalidPolicyException(
                    "cannot see whether this machine has a policy " + machines,
                    "let everybody read it: chmod 755 " + machines.getParent());
        }
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException missing) {
            return false;
        }
    }
}
