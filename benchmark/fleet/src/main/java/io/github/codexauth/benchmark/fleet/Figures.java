package io.github.codexauth.benchmark.fleet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/** What was seen while jobs took their turns. Safe for use by several threads. */
final class Figures {
    private final AtomicLongArray freedAt;
    private final List<Long> idle = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger errors = new AtomicInteger();

    Figures(int logins) {
        this.freedAt = new AtomicLongArray(logins);
    }

    void taken(int job, int login, boolean othersWait) {
        long freed = freedAt.getAndSet(login, 0);
        if (freed != 0 && othersWait) {
            idle.add(System.nanoTime() - freed);
        }
        order.add(job);
    }

    void freed(int login) {
        freedAt.set(login, System.nanoTime());
    }

    void failed() {
        errors.incrementAndGet();
    }

    int errors() {
        return errors.get();
    }

    /**
     * How long a freed login lay idle while somebody waited: of a hundred, that of the one that so many others beat.
     */
    double idleMillis(double quantile) {
        List<Long> sorted = new ArrayList<>(idle);
        Collections.sort(sorted);
        return sorted.isEmpty()
                ? Double.NaN
                : sorted.get((int) Math.min(sorted.size() - 1, Math.floor(quantile * sorted.size()))) / 1e6;
    }

    /** By how many jobs that came later a job was overtaken, at most. Jobs are numbered as they came. */
    int mostOvertaken() {
        int most = 0;
        for (int i = 0; i < order.size(); i++) {
            int job = order.get(i);
            most = Math.max(most, (int)
                    order.subList(0, i).stream().filter(other -> other > job).count());
        }
        return most;
    }
}
