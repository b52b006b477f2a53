package io.jenkins.plugins.codexauth.step;

import hudson.model.AbstractBuild;
import hudson.model.InvisibleAction;
import io.github.codexauth.login.SessionId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The names of a Freestyle build's sessions, from the moment its log is opened. */
final class FreestyleSession extends InvisibleAction {
    private @Nullable String session;
    private @Nullable String bound;

    /** That of its build environment. */
    static String of(AbstractBuild<?, ?> build) {
        FreestyleSession names = names(build);
        synchronized (names) {
            String name = names.session == null ? SessionId.random().value() : names.session;
            names.session = name;
            return name;
        }
    }

    /** That of its binding, for a log that is opened now and will hide what that session has. */
    static String hidingBound(AbstractBuild<?, ?> build) {
        FreestyleSession names = names(build);
        synchronized (names) {
            String name = names.bound == null ? SessionId.random().value() : names.bound;
            names.bound = name;
            return name;
        }
    }

    /** That of its binding; empty if the log does not hide what it has. */
    static Optional<String> bound(AbstractBuild<?, ?> build) {
        FreestyleSession names = names(build);
        synchronized (names) {
            return Optional.ofNullable(names.bound);
        }
    }

    /** All of them. */
    static List<String> all(AbstractBuild<?, ?> build) {
        FreestyleSession names = names(build);
        synchronized (names) {
            return Stream.of(Optional.ofNullable(names.session), Optional.ofNullable(names.bound))
                    .flatMap(Optional::stream)
                    .toList();
        }
    }

    private static FreestyleSession names(AbstractBuild<?, ?> build) {
        FreestyleSession found = build.getAction(FreestyleSession.class);
        if (found == null) {
            found = new FreestyleSession();
            build.addAction(found);
        }
        return found;
    }
}
