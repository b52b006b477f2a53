package io.github.codexauth.trust;

import java.util.regex.Pattern;

/**
 * A name in which {@code *} stands for any characters but a slash, and {@code **} for any at all.
 */
public final class NamePattern {
    private final String text;
    private final Pattern pattern;

    private NamePattern(String text, int flags) {
        this.text = text;
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (text.charAt(i) == '*') {
                regex.append("[^/]*");
            } else {
                regex.append(Pattern.quote(text.substring(i, i + 1)));
            }
        }
        this.pattern = Pattern.compile(regex.toString(), flags);
    }

    /** For repositories: upper and lower case are the same, as they are for GitHub's and GitLab's names. */
    public static NamePattern of(String text) {
        return new NamePattern(text, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    /** For refs: Git tells {@code Main} from {@code main}, and whoever may push can make the other one. */
    public static NamePattern ofRef(String text) {
        return new NamePattern(text, 0);
    }

    boolean matches(String name) {
        return pattern.matcher(name).matches();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NamePattern that && text.equals(that.text) && pattern.flags() == that.pattern.flags();
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
