package io.github.codexauth.runner.policy;

import java.net.URI;
import java.util.List;

/** Whose signed tokens are whose. */
final class Issuers {
    /** Only these sign for their own servers' jobs; others have to be named. */
    private static final String GITHUB = "https://token.actions.githubusercontent.com";

    private static final String GITLAB = "https://gitlab.com";

    /** GitHub Enterprise Server: docs.github.com, "Security hardening your deployments". */
    private static final String GITHUB_ENTERPRISE = "/_services/token";

    private Issuers() {}

    /** Who signs for the jobs of a CI system unless the operator names somebody; empty if nobody does. */
    static List<String> usual(String platform) {
        return switch (platform) {
            case "github" -> List.of(GITHUB);
            case "gitlab" -> List.of(GITLAB);
            default -> List.of();
        };
    }

    /**
     * Whether an address signs for the jobs of a CI system. GitHub's addresses are known, also those of its Enterprise
     * servers and of ghe.com; a GitLab server signs by its own address, which may be any other.
     */
    static boolean isOf(String platform, URI issuer) {
        String host = String.valueOf(issuer.getHost());
        boolean github = host.equals(URI.create(GITHUB).getHost())
                || (host.startsWith("token.actions.") && host.endsWith(".ghe.com"))
                || GITHUB_ENTERPRISE.equals(issuer.getPath());
        return platform.equals(github ? "github" : "gitlab");
    }
}
