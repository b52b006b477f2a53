package io.github.codexauth.stores.remote;

import java.time.Duration;

/** How often somebody looks who waits: the next in line often, those behind him less so. */
public final class LookTimes {
    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final Duration EACH_PLACE_ADDS = Duration.ofSeconds(1);
    private static final Duration LAST = Duration.ofSeconds(15);
    static final int OFTENER_WITHOUT_BELL = 4;

    /** However many credentials there are, no more people look often, or the server would do nothing else. */
    private static final int MOST_NEXT = 64;

    private LookTimes() {}

    /**
     * Where a bell wakes him, so that a look only has to find a holder that died.
     *
     * @param place how many are before him
     */
    public static Duration withBell(int place) {
        return FIRST.plus(shorter(EACH_PLACE_ADDS.multipliedBy(place), LAST.minus(FIRST)));
    }

    /**
     * Where nothing wakes him: oftener than that, until he is so far back that it comes to the same.
     *
     * @param place how many are before him
     * @param credentials any of how many he would take; as many people are next at a time
     */
    public static Duration withoutBell(int place, int credentials) {
        int behindTheNext = Math.max(0, place + 1 - Math.min(credentials, MOST_NEXT));
        Duration pause = FIRST.plus(EACH_PLACE_ADDS.multipliedBy(behindTheNext)).dividedBy(OFTENER_WITHOUT_BELL);
        return shorter(pause, LAST);
    }

    static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
