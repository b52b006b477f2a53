package io.github.codexauth.runner.doctor;

import java.util.Optional;

/**
 * Something that was looked at.
 *
 * @param what one sentence, without secrets
 * @param hint what to type, if there is something to do
 */
public record Finding(State state, String what, Optional<String> hint) {
    /** How it stands. */
    public enum State {
        FINE("ok    "),
        WEAK("weak  "),
        WRONG("wrong ");

        private final String mark;

        State(String mark) {
            this.mark = mark;
        }

        /** The word in front of the sentence, all of one width. */
        public String mark() {
            return mark;
        }
    }

    public static Finding fine(String what) {
        return new Finding(State.FINE, what, Optional.empty());
    }

    /** Works, and could be safer. */
    public static Finding weak(String what, String hint) {
        return new Finding(State.WEAK, what, Optional.of(hint));
    }

    /** A job would fail, or lose its login. */
    public static Finding wrong(String what, String hint) {
        return new Finding(State.WRONG, what, Optional.of(hint));
    }
}
