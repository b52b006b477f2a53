package io.github.codexauth.testing;

/** How a command ended, and what it printed. */
public record Result(int exitCode, String out, String err) {
    /** Everything printed, for what must not be in it. */
    public String all() {
        return out + err;
    }
}
