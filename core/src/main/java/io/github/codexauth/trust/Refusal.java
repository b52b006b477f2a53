package io.github.codexauth.trust;

/**
 * One reason why a job gets no credential.
 *
 * @param found the fact
 * @param fix what to change
 */
public record Refusal(String found, String fix) {}
