package io.github.codexauth.runner.benchmark;

import java.io.IOException;

/** The least that a program in Java can do for a job: start it, wait, and end as it ended. A peer, not a part of us. */
final class OneProcess {
    private OneProcess() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        System.exit(new ProcessBuilder(args).inheritIO().start().waitFor());
    }
}
