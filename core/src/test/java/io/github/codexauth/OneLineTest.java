package io.github.codexauth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneLineTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\nb",
                "a\u001bb",
                "a\u007fb",
                "a\u0085b",
                "a\u200bb",
                "a\u2028b",
                "a\u2029b",
                "a\u202eb",
                "a\ud83db"
            })
    void whatWouldForgeALineOrTurnItIsABlank(String text) {
        assertThat(OneLine.of(text)).isEqualTo("a b");
    }

    @Test
    void whatPeopleWriteStays() {
        assertThat(OneLine.of(" Prüfe 日本語 🙂 ")).isEqualTo("Prüfe 日本語 🙂");
    }

    @Test
    void aLongTextIsCut() {
        assertThat(OneLine.of("abcdef", 4)).isEqualTo("abc…");
    }
}
