package io.github.codexauth.runner.benchmark;

import java.util.Arrays;
import java.util.Locale;

/** Durations of one measurement, in nanoseconds. */
final class Timings {
    private final long[] nanos;
    private int count;

    Timings(int expected) {
        nanos = new long[expected];
    }

    void add(long duration) {
        nanos[count++] = duration;
    }

    void print(String title) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "## %s%n%n%d times: median %.1f ms, p99 %.1f ms, worst %.1f ms%n",
                title,
                count,
                sorted[count / 2] / 1e6,
                sorted[(int) (count * 0.99)] / 1e6,
                sorted[count - 1] / 1e6);
    }
}
