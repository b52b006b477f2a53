package io.github.codexauth.runner.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.codexauth.runner.platform.TokenPlace;
import java.io.IOException;
import java.net.URI;

/** Gets the signed token of a job from where it is. */
final class IdToken {
    /** Whom the token is for; a token for somebody else proves nothing here. */
    static final String AUDIENCE = "codex-auth";

    private IdToken() {}

    static String from(TokenPlace place, Http http) throws UnprovenException {
        if (place instanceof TokenPlace.Given given) {
            return given.token();
        }
        if (place instanceof TokenPlace.Nowhere nowhere) {
            throw new UnprovenException(nowhere.reason());
        }
        return ask((TokenPlace.Service) place, http);
    }

    private static String ask(TokenPlace.Service service, Http http) throws UnprovenException {
        try {
            URI address = URI.create(service.address());
            JsonNode answer = new JsonMapper().readTree(http.getAuthorized(address, service.bearer(), service.name()));
            String token = answer.path("value").textValue();
            if (token == null) {
                throw new UnprovenException(service.name() + " answered without a token");
            }
            return token;
        } catch (IOException | IllegalArgumentException quoted) {
            throw new UnprovenException(service.name() + " gave an answer that is not understood");
        }
    }
}
