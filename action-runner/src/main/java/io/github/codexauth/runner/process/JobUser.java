package io.github.codexauth.runner.process;

import io.github.codexauth.home.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The user that a job becomes where it is not ours: in our image, started as root. Then nothing that the job runs
 * reaches the store, the secrets or this process, whatever becomes of Codex's sandbox.
 *
 * @param tenant who that is
 */
public record JobUser(Tenant tenant) {
    /** {@code UID:GID}, set by the image's entrypoint, which is still root. */
    private static final String VARIABLE = "CODEX_AUTH_JOB_USER";

    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,9}):(\\d{1,9})");

    /** The image's program that becomes this user, without any right of ours, and then the command. */
    private static final String STARTER = "/usr/local/bin/codex-auth-job";

    /** Empty where jobs run as our own user. */
    public static Optional<JobUser> in(Map<String, String> environment) {
        Matcher numbers = NUMBERS.matcher(environment.getOrDefault(VARIABLE, ""));
        return numbers.matches()
                ? Optional.of(
                        new JobUser(new Tenant(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)))))
                : Optional.empty();
    }

    /** The words that start a command as this user. */
    List<String> starting(List<String> words) {
        List<String> all =
                new ArrayList<>(List.of(STARTER, Integer.toString(tenant.user()), Integer.toString(tenant.group())));
        all.addAll(words);
        return all;
    }
}
