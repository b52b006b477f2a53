package io.github.codexauth.store.file;

/**
 * What a person does about records that cannot be read, in the words of whatever shows them.
 *
 * @param current if the current generation is damaged
 * @param previous if the generation before it is damaged, too
 */
public record RepairHints(String current, String previous) {}
