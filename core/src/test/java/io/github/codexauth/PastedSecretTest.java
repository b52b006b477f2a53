package io.github.codexauth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PastedSecretTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"auth_mode\": \"chatgpt\"}",
                "one\ntwo",
                " sk-proj-1",
                "at-1",
                "eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
                "AGE-SECRET-KEY-1QQPQ",
                "age-secret-key-1qqpq",
                "-----BEGIN PRIVATE KEY-----",
                "rt_1",
                "gX7bQ2wE8rT1yU3iO5pA9sD4fG6hJ0kL",
                "gX7bQ2wE8rT1yU3iO5p/9sD4fG6hJ0kL+=="
            })
    void looksLikeOne(String text) {
        assertThat(PastedSecret.looksLike(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "codex",
                "/run/secrets/openai",
                "auth.json",
                "./sk-key.txt",
                "~/.codex/auth.json",
                "prüfe mich/auth.json",
                "/var/lib/jenkins/workspace/Acme_App_main@2/Very-Long-Name-1/auth.json",
                "secrets/Codex-2026-11-24/auth.json",
                "a-long-name-of-lower-case-letters-and-2-digits"
            })
    void looksLikeNone(String text) {
        assertThat(PastedSecret.looksLike(text)).isFalse();
    }
}
