package io.github.codexauth.trust;

import io.github.codexauth.CredentialId;
import java.util.List;
import java.util.stream.Stream;

/** The verdict on a job. */
public sealed interface TrustDecision {
    /**
     * The verdict of two policies that both have to allow the job. A refusal has the reasons of both.
     *
     * @param other the other policy's verdict on the same request
     * @throws IllegalStateException if it was about another request: a mistake in the program, not in its use
     */
    TrustDecision and(TrustDecision other);

    /** The job may have what it asked for. Only a {@link TrustPolicy} makes these, so having one is the proof. */
    final class Trusted implements TrustDecision {
        private final CredentialRequest request;
        private final List<String> evidence;

        Trusted(CredentialRequest request, List<String> evidence) {
            this.request = request;
            this.evidence = List.copyOf(evidence);
        }

        /**
         * Checks that the verdict was about this credential.
         *
         * @throws IllegalStateException if it was about another: a mistake in the program, not in its use
         */
        public void require(CredentialId id) {
            if (!request.ids().contains(id)) {
                throw new IllegalStateException("the verdict is not about this credential");
            }
        }

        @Override
        public TrustDecision and(TrustDecision other) {
            if (other instanceof Trusted that) {
                if (!request.equals(that.request)) {
                    throw new IllegalStateException("the two verdicts are about different requests");
                }
                return new Trusted(request, distinct(evidence, that.evidence));
            }
            return other;
        }

        /** The facts that the verdict rests on, each one sentence. */
        public List<String> evidence() {
            return evidence;
        }
    }

    /**
     * The job gets nothing.
     *
     * @param reasons all of them, at least one
     */
    record Refused(List<Refusal> reasons) implements TrustDecision {
        public Refused {
            reasons = List.copyOf(reasons);
            if (reasons.isEmpty()) {
                throw new IllegalArgumentException("a refusal has a reason");
            }
        }

        @Override
        public TrustDecision and(TrustDecision other) {
            return other instanceof Refused that ? new Refused(distinct(reasons, that.reasons)) : this;
        }
    }

    private static <T> List<T> distinct(List<T> some, List<T> more) {
        return Stream.concat(some.stream(), more.stream()).distinct().toList();
    }
}
