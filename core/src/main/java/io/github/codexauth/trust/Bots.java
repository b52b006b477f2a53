package io.github.codexauth.trust;

import java.util.List;
import java.util.stream.Stream;

/**
 * The bots that a change comes from, or that started a job: accounts that write what nobody of the repository wrote,
 * such as an update of a dependency.
 *
 * @param names of their accounts, in the CI system's words; empty if there is none
 */
public record Bots(List<String> names) {
    /** Only people. */
    public static final Bots NONE = new Bots(List.of());

    private static final String SUFFIX = "[bot]";

    public Bots {
        names = List.copyOf(names);
    }

    /** These and others. */
    public Bots and(Bots others) {
        return new Bots(
                Stream.concat(names.stream(), others.names.stream()).distinct().toList());
    }

    /** Whether each of them is in the list; GitHub's {@code [bot]} behind a name may be left out there. */
    public boolean areAllAmong(List<String> allowed) {
        List<String> plain = allowed.stream().map(Bots::plain).toList();
        return names.stream().map(Bots::plain).allMatch(plain::contains);
    }

    private static String plain(String name) {
        String lower = AsciiCase.lower(name);
        return lower.endsWith(SUFFIX) ? lower.substring(0, lower.length() - SUFFIX.length()) : lower;
    }

    @Override
    public String toString() {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
