/** Stores on a disk of this machine, or on a volume that is mounted here. */
@NullMarked
package io.github.codexauth.runner.storage.file;

import org.jspecify.annotations.NullMarked;
