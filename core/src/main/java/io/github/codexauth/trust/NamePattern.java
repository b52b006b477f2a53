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

    /**
     * For repositories: upper and lower case are the same, as they are for GitHub's and GitLab's names. That is so for
     * the letters A to Z alone: whoever can register a name with a long s, a Kelvin sign or a dotless i has another
     * name.
     */
    public static NamePattern of(String text) {
        return new NamePattern(text, Pattern.CASE_INSENSITIVE);
    }

    /** For refs: Git tells {@code Main} from {@code main}, and whoever may push can make the other one. */
    public static NamePattern ofRef(String text) {
        return new NamePattern(text, 0);
    }

    /** No name has a line's end or another control character in it, so none such matches, not even a star. */
    boolean matches(String name) {
        return name.chars().noneMatch(Character::isISOControl)
                && pattern.matcher(name).matches();
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
