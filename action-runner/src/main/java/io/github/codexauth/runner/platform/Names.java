package io.github.codexauth.runner.platform;

import io.github.codexauth.trust.RunnerKind;
import io.github.codexauth.trust.Visibility;
import java.util.Locale;
import java.util.Optional;

/** The CI systems' words for what the policy asks about. */
public final class Names {
    private Names() {}

    /** GitHub's and GitLab's words, which are the policy's as well. */
    public static Optional<Visibility> visibility(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "public" -> Optional.of(Visibility.PUBLIC);
            case "internal" -> Optional.of(Visibility.INTERNAL);
            case "private" -> Optional.of(Visibility.PRIVATE);
            default -> Optional.empty();
        };
    }

    /** GitHub's and GitLab's words for {@code runner_environment}. */
    public static Optional<RunnerKind> runner(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "self-hosted" -> Optional.of(RunnerKind.SELF_HOSTED);
            case "github-hosted", "gitlab-hosted", "vendor-hosted" -> Optional.of(RunnerKind.VENDOR_HOSTED);
            case "shared" -> Optional.of(RunnerKind.SHARED);
            default -> Optional.empty();
        };
    }

    /** The CI systems' words for yes and no. */
    public static Optional<Boolean> yesOrNo(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "true", "1" -> Optional.of(true);
            case "false", "0" -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
