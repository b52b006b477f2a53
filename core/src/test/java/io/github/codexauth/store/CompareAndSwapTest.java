package io.github.codexauth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.codexauth.CredentialId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a save whose answer was lost. */
class CompareAndSwapTest {
    private static final CredentialId ID = new CredentialId("codex-ci");
    private static final Revision EXPECTED = Revision.of(Records.generation(ID, 1));
    private static final Revision NEXT = Revision.of(Records.generation(ID, 2));
    private static final Revision ANOTHER = Revision.of(Records.attempt(ID, 2, 7));

    private static final StoreUnavailableException SILENT = new StoreUnavailableException("no answer", "wait");

    /** A place whose answers are known before: a result, or none. */
    private static final class Scripted implements CompareAndSwap.Place {
        private static final SaveResult LOST = null;

        private final Deque<List<SaveResult>> swaps = new ArrayDeque<>();
        private final Deque<List<Revision>> looks = new ArrayDeque<>();

        Scripted swaps(SaveResult result) {
            swaps.add(Collections.singletonList(result));
            return this;
        }

        Scripted looks(Revision stored) {
            looks.add(Collections.singletonList(stored));
            return this;
        }

        @Override
        public SaveResult swap() throws LostAnswerException {
            SaveResult result = swaps.remove().get(0);
            if (result == null) {
                throw new LostAnswerException(SILENT);
            }
            return result;
        }

        @Override
        public Revision stored() throws StoreException {
            Revision stored = looks.remove().get(0);
            if (stored == null) {
                throw SILENT;
            }
            return stored;
        }

        boolean isOver() {
            return swaps.isEmpty() && looks.isEmpty();
        }
    }

    private static SaveResult save(Scripted place) throws StoreException {
        SaveResult result = new CompareAndSwap(EXPECTED, NEXT, Duration.ofMinutes(1)).in(place);
        assertThat(place.isOver()).isTrue();
        return result;
    }

    @Test
    void anAnswerIsAnAnswer() throws Exception {
        for (SaveResult answer : SaveResult.values()) {
            assertThat(save(new Scripted().swaps(answer))).isEqualTo(answer);
        }
    }

    @Test
    void whatTurnsOutToBeStoredIsSaved() throws Exception {
        assertThat(save(new Scripted().swaps(Scripted.LOST).looks(NEXT))).isEqualTo(SaveResult.SAVED);
    }

    @Test
    void whatIsNotStoredIsTriedAgain() throws Exception {
        assertThat(save(new Scripted()
                        .swaps(Scripted.LOST)
                        .looks(EXPECTED)
                        .swaps(Scripted.LOST)
                        .looks(EXPECTED)
                        .swaps(SaveResult.SAVED_LATE)))
                .isEqualTo(SaveResult.SAVED_LATE);
    }

    @Test
    void whatSomebodyElseStoredIsAConflict() throws Exception {
        assertThat(save(new Scripted().swaps(Scripted.LOST).looks(ANOTHER))).isEqualTo(SaveResult.CONFLICT);
    }

    @Test
    void ourOwnSaveThatArrivesAfterTheLookIsNobodyElses() throws Exception {
        assertThat(save(new Scripted()
                        .swaps(Scripted.LOST)
                        .looks(EXPECTED)
                        .swaps(SaveResult.CONFLICT)
                        .looks(NEXT)))
                .isEqualTo(SaveResult.SAVED);
    }

    @Test
    void aLookWithoutAnAnswerIsRepeated() throws Exception {
        assertThat(save(new Scripted().swaps(Scripted.LOST).looks(null).looks(NEXT)))
                .isEqualTo(SaveResult.SAVED);
    }

    @Test
    void whatNobodyCanFindOutInTimeIsSaid() {
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(
                        () -> new CompareAndSwap(EXPECTED, NEXT, Duration.ZERO).in(new Scripted().swaps(Scripted.LOST)))
                .isSameAs(SILENT);
    }
}
