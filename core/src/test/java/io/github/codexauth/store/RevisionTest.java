package io.github.codexauth.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a compare-and-swap compares. */
class RevisionTest {
    private static final Revision STORED = new Revision(3, "session", "abc");

    @Test
    void isAnotherOneWhereAnyOfItsPartsDiffers() {
        assertThat(STORED)
                .isEqualTo(new Revision(3, "session", "abc"))
                .hasSameHashCodeAs(new Revision(3, "session", "abc"))
                .isNotEqualTo(new Revision(4, "session", "abc"))
                .isNotEqualTo(new Revision(3, "other", "abc"))
                .isNotEqualTo(new Revision(3, "session", "def"));
    }
}
