package io.github.codexauth.store;

import io.github.codexauth.OneLine;
import java.time.Instant;

/**
 * Who has a credential, as the next in line is told.
 *
 * @param description a person's words for the job, such as {@code job deploy/main #41}; shown in other jobs' logs
 * @param since when the lease was taken, by the holder's clock
 */
public record Holder(String description, Instant since) {
    private static final int LONGEST = 200;

    /** Keeps the description to one printable line of at most 200 characters: it is text from outside. */
    public Holder {
        description = OneLine.of(description, LONGEST);
    }
}
