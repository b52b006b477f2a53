package io.github.codexauth;

/** The ways of signing in to Codex. */
public enum SignInMode {
    API_KEY("API key"),
    ACCESS_TOKEN("access token"),
    WORKLOAD_IDENTITY("workload identity"),
    MANAGED("managed auth.json");

    private final String label;

    SignInMode(String label) {
        this.label = label;
    }

    /** As people know it, for messages and pages. */
    public String label() {
        return label;
    }
}
