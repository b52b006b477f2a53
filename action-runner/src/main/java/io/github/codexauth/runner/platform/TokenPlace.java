package io.github.codexauth.runner.platform;

/** Where a job has its signed token. */
public sealed interface TokenPlace {
    /** In a variable of the job. */
    record Given(String token) implements TokenPlace {
        @Override
        public String toString() {
            return "Given[]";
        }
    }

    /**
     * With a service that gives a new one whenever it is asked, as {@code value} in a JSON object.
     *
     * @param address with everything that has to be asked for
     * @param bearer what the job shows to the service
     * @param name what to call the service in messages
     */
    record Service(String address, String bearer, String name) implements TokenPlace {
        @Override
        public String toString() {
            return "Service[" + name + "]";
        }
    }

    /**
     * Nowhere.
     *
     * @param reason half a sentence
     */
    record Nowhere(String reason) implements TokenPlace {}
}
