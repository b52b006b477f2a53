/** Numbers for monitoring, where the metrics plugin is installed. None of them names an account. */
@NullMarked
package io.jenkins.plugins.codexauth.metrics;

import org.jspecify.annotations.NullMarked;
