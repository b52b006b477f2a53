/** Makes the container image, by Jib, of the layers that {@code src/image/assemble} laid out. */
@NullMarked
package io.github.codexauth.image;

import org.jspecify.annotations.NullMarked;
