package io.github.codexauth.codex;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of the Codex CLI.
 *
 * @param prerelease what follows the first dash, such as {@code alpha.3}; empty for a release
 */
public record CodexVersion(int major, int minor, int patch, String prerelease) implements Comparable<CodexVersion> {
    /**
     * The first that understands our settings and hides the credential from the commands that the model runs. Source:
     * 30 of npm's releases tried; OpenAI, "Permissions": "until every client runs Codex 0.138.0 or later".
     */
    public static final CodexVersion OLDEST = new CodexVersion(0, 138, 0, "");

    /** What {@code codex --version} prints, on a line of its own; older ones said "codex". */
    private static final Pattern LINE = Pattern.compile(
            "(?m)^\\s*codex(?:-cli)? (\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})(?:-([0-9A-Za-z.-]{1,40}))?\\s*$");

    private static final Pattern NUMBER = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})()");

    /** A release's numbers, such as {@code 0.171.0}; empty if it is something else. */
    public static Optional<CodexVersion> of(String numbers) {
        Matcher matcher = NUMBER.matcher(numbers);
        return matcher.matches() ? Optional.of(read(matcher)) : Optional.empty();
    }

    /** The version in the output of {@code codex --version}, which may have a wrapper's own lines around it. */
    static Optional<CodexVersion> in(String output) {
        Matcher matcher = LINE.matcher(output);
        return matcher.find() ? Optional.of(read(matcher)) : Optional.empty();
    }

    private static CodexVersion read(Matcher matcher) {
        return new CodexVersion(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)),
                Optional.ofNullable(matcher.group(4)).orElse(""));
    }

    /** By number; what leads up to a release is older than it. */
    @Override
    public int compareTo(CodexVersion other) {
        return Comparator.comparingInt(CodexVersion::major)
                .thenComparingInt(CodexVersion::minor)
                .thenComparingInt(CodexVersion::patch)
                .thenComparing(version -> version.prerelease().isEmpty())
                .thenComparing(CodexVersion::prerelease)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch + (prerelease.isEmpty() ? "" : "-" + prerelease);
    }
}
