/** Which Codex a job would start, and whether a credential may be given to it. */
@NullMarked
package io.github.codexauth.runner.codex;

import org.jspecify.annotations.NullMarked;
