package io.github.codexauth.session;

import io.github.codexauth.login.Safety;
import io.github.codexauth.store.Envelope;
import java.util.Optional;

/**
 * How a session ended.
 *
 * @param refreshed whether Codex refreshed the login during the session, before or in the job
 * @param current the generation that the store has now, as far as this session knows
 * @param safety where the newest login is
 * @param loginGone whether the job left no file of a login in its home, such as after {@code codex logout}
 * @param check what Codex found when it was asked, after the job, whether the stored login still lives; empty if it was
 *     not asked
 */
public record SessionEnd(
        boolean refreshed, Envelope current, Safety safety, boolean loginGone, Optional<RefreshOutcome> check) {}
