/**
 * Files that others must not read, write or mislead us with: private files and folders, who owns the way to them,
 * bounded reads, JSON files.
 *
 * <p>{@link io.github.codexauth.files.PrivateFiles} is the entry point. Nothing here knows what is in a file.
 */
@NullMarked
package io.github.codexauth.files;

import org.jspecify.annotations.NullMarked;
