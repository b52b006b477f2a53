package io.github.codexauth.trust;

import java.util.List;

/**
 * Which branches and tags a rule is for.
 *
 * @param names what is allowed, at least one
 * @param unprotectedToo whether the CI system need not restrict who may write to them; without that, a rule for
 *     {@code refs/heads/main} would be a rule for everybody who may push
 */
public record RefCondition(List<NamePattern> names, boolean unprotectedToo) {
    public RefCondition {
        names = List.copyOf(names);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a condition on refs names some");
        }
    }
}
