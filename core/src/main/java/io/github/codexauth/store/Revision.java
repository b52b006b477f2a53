package io.github.codexauth.store;

import io.github.codexauth.Sha256;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which record is meant, and no other: what a compare-and-swap compares.
 *
 * <p>The number alone does not say it. A store that a person made anew counts from 1 again.
 *
 * @param generation 1 for the first, 0 for none
 * @param session the session that wrote it
 * @param sha256 the checksum of its sealed content, 64 hex digits
 */
public record Revision(long generation, String session, String sha256) {
    /** Of a store that holds nothing. */
    public static final Revision NONE = new Revision(0, "", "");

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18}):([^:]*):([0-9a-f]*)");

    /** The revision of a record. */
    public static Revision of(CredentialRecord record) {
        return new Revision(record.envelope().generation(), record.envelope().session(), Sha256.hex(record.payload()));
    }

    /** The revision that is stored: {@link #NONE} if nothing is. */
    public static Revision of(Optional<CredentialRecord> stored) {
        return stored.map(Revision::of).orElse(NONE);
    }

    /** Reads what {@link #toString} wrote; empty if it is something else. */
    public static Optional<Revision> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new Revision(Long.parseLong(matcher.group(1)), matcher.group(2), matcher.group(3)))
                : Optional.empty();
    }

    /** As the one that records have, for which Java would make a dozen classes in each run. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Revision revision
                && revision.generation == generation
                && revision.session.equals(session)
                && revision.sha256.equals(sha256);
    }

    @Override
    public int hashCode() {
        return Objects.hash(generation, session, sha256);
    }

    /** One word, to be kept in files. */
    @Override
    public String toString() {
        return generation + ":" + session + ":" + sha256;
    }
}
