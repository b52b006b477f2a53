/**
 * Stores in a Kubernetes cluster, as Secrets and Leases of one namespace.
 *
 * <p>{@link io.github.codexauth.stores.kubernetes.KubernetesStore} needs no client library: five kinds of
 * calls over the JDK's own (ADR 28). Nothing is loaded or sent before the store is used.
 */
@NullMarked
package io.github.codexauth.stores.kubernetes;

import org.jspecify.annotations.NullMarked;
