/**
 * A managed login on loan to a job, from restoring its {@code auth.json} to the last save.
 *
 * <p>{@link io.github.codexauth.session.CodexSession} is the entry point: open it with a lease, run the job with its
 * {@code CODEX_HOME}, let its watch save what Codex refreshes, and finish it.
 *
 * <p>Nothing here calls OpenAI. Only Codex refreshes a login; we keep the file it wrote.
 */
@NullMarked
package io.github.codexauth.session;

import org.jspecify.annotations.NullMarked;
