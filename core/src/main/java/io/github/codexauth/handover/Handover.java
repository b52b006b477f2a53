package io.github.codexauth.handover;

import java.util.Map;

/** What one job has got of a credential that stays with its helper, for as long as it is open. */
public interface Handover extends AutoCloseable {
    /**
     * The variables that the job's Codex needs beside its {@code CODEX_HOME}.
     *
     * @param environment the job's other variables
     */
    Map<String, String> variables(Map<String, String> environment);

    /** Ends it: nothing that the job has got is worth anything from now on. */
    @Override
    void close();
}
