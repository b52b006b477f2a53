/** What {@code codex-auth doctor} looks for: one class for each part of the machine, each answering with findings. */
@NullMarked
package io.github.codexauth.runner.doctor;

import org.jspecify.annotations.NullMarked;
