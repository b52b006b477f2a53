/** Which Codex a job would start, whether a credential may be given to it, and whether it can confine what the model runs. */
@NullMarked
package io.github.codexauth.runner.codex;

import org.jspecify.annotations.NullMarked;
