/**
 * How a step talks to its runner in GitHub Actions, Forgejo and Gitea, besides its log: files that variables name.
 *
 * <p>Source: docs.github.com, "Workflow commands" and "Metadata syntax reference".
 */
@NullMarked
package io.github.codexauth.runner.workflow;

import org.jspecify.annotations.NullMarked;
