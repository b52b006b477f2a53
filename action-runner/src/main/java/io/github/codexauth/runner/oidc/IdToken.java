package io.github.codexauth.runner.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** Where each CI system keeps the signed token of a job. */
final class IdToken {
    /** Whom the token is for; a token for somebody else proves nothing here. */
    static final String AUDIENCE = "codex-auth";

    private IdToken() {}

    static String of(String platform, Map<String, String> environment, Http http) throws UnprovenException {
        return switch (platform) {
            case "github" -> github(environment, http);
            case "gitlab" -> gitlab(environment);
            default ->
                throw new UnprovenException(platform + " gives its jobs no signed token that is understood here");
        };
    }

    private static String github(Map<String, String> environment, Http http) throws UnprovenException {
        String url = environment.getOrDefault("ACTIONS_ID_TOKEN_REQUEST_URL", "");
        String bearer = environment.getOrDefault("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "");
        if (url.isBlank() || bearer.isBlank()) {
            throw new UnprovenException("the job has no permission 'id-token: write'");
        }
        try {
            String separator = url.contains("?") ? "&" : "?";
            URI address = URI.create(url + separator + "audience=" + AUDIENCE);
            JsonNode answer = new JsonMapper().readTree(http.getAuthorized(address, bearer, "GitHub's token service"));
            String token = answer.path("value").textValue();
            if (token == null) {
                throw new UnprovenException("GitHub's token service answered without a token");
            }
            return token;
        } catch (IOException | IllegalArgumentException quoted) {
            throw new UnprovenException("GitHub's token service gave an answer that is not understood");
        }
    }

    private static String gitlab(Map<String, String> environment) throws UnprovenException {
        String token = environment.getOrDefault("CODEX_AUTH_ID_TOKEN", "");
        if (token.isBlank()) {
            throw new UnprovenException("the job has no id_tokens entry CODEX_AUTH_ID_TOKEN with aud: " + AUDIENCE);
        }
        return token;
    }
}
