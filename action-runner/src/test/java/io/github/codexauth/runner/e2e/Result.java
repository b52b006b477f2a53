package io.github.codexauth.runner.e2e;

/** How codex-auth ended, and what it and the job printed. */
record Result(int exitCode, String out, String err) {
    /** Everything printed, for what must not be in it. */
    String all() {
        return out + err;
    }
}
