package io.github.codexauth.runner.process;

import io.github.codexauth.files.PathOwnership;
import io.github.codexauth.home.Tenant;
import io.github.codexauth.runner.input.UnreadableInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The user that a job becomes where it is not ours: in our image, started as root. Then nothing that the job runs
 * reaches the store, the secrets or this process, whatever becomes of Codex's sandbox.
 *
 * @param tenant who that is
 */
public record JobUser(Tenant tenant) {
    /** {@code UID:GID}, set by the image's entrypoint, which is still root. */
    private static final String VARIABLE = "CODEX_AUTH_JOB_USER";

    private static final String NUMBERS = "\\d{1,9}:\\d{1,9}";

    /** The image's program that becomes this user, without any right of ours, and then the command. */
    private static final String STARTER = "/usr/local/bin/codex-auth-job";

    /** The image's own PATH. */
    private static final String PROGRAMS = "/usr/local/bin:/opt/codex/bin:/usr/bin:/usr/sbin";

    /** Empty where jobs run as our own user. */
    public static Optional<JobUser> in(Map<String, String> environment) {
        String given = environment.getOrDefault(VARIABLE, "");
        if (given.isEmpty() || !given.matches(NUMBERS)) {
            return Optional.empty();
        }
        int colon = given.indexOf(':');
        int user = Integer.parseInt(given.substring(0, colon));
        int group = Integer.parseInt(given.substring(colon + 1));
        // A job could set the variable for a helper of its own user, to have less hidden from the model's commands.
        boolean ourself = PathOwnership.currentUser().equals(Optional.of(user));
        return ourself ? Optional.empty() : Optional.of(new JobUser(new Tenant(user, group)));
    }

    /**
     * Makes sure that a file which is read for the job is one that it could read itself.
     *
     * @param option who named it, for messages
     * @throws UnreadableInputException if it could not; a file that is not there is left to whoever reads it
     */
    public void requireReadable(String option, Path file) throws UnreadableInputException {
        boolean readable;
        try {
            readable = !Files.exists(file) || tenant.mayRead(file);
        } catch (IOException hidden) {
            readable = false;
        }
        if (!readable) {
            throw UnreadableInputException.by(tenant.user(), option, file);
        }
    }

    /** What a command follows that is to run as this user. */
    public List<String> starter() {
        return starter(tenant.user(), tenant.group());
    }

    /** What a command follows that is to run as our own user, without the rights that we keep for the job's sake. */
    public static List<String> ownStarter() {
        return PathOwnership.currentUser().map(us -> starter(us, us)).orElse(List.of());
    }

    /**
     * Variables for a program of ours: found where no job can have put another.
     *
     * @param environment those of a job
     */
    public static Map<String, String> ownEnvironment(Map<String, String> environment) {
        Map<String, String> own = new LinkedHashMap<>(environment);
        own.put("PATH", PROGRAMS);
        return own;
    }

    private static List<String> starter(int user, int group) {
        return List.of(STARTER, Integer.toString(user), Integer.toString(group));
    }

    /** The words that start a command as this user. */
    List<String> starting(List<String> words) {
        List<String> all = new ArrayList<>(starter());
        all.addAll(words);
        return all;
    }
}
