package io.github.codexauth.handover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.AuthJson;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.SecretText;
import io.github.codexauth.TreeFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A login's file without any of its tokens: what Codex reads out of them is there, and no server but the session's own
 * broker takes them. Immutable and safe for use by several threads.
 *
 * @param idToken has the claims of the real one, and no signature
 * @param accessToken a JWT that is far from its end, so that Codex does not refresh it
 */
record PlaceholderLogin(SecretText idToken, SecretText accessToken) {
    private static final String OPENAI = "https://api.openai.com/auth";

    /** The year 2100. */
    private static final long FAR = 4_102_444_800L;

    private static final TreeFormat JSON = TreeFormat.json();

    /** One that nobody can guess. */
    static PlaceholderLogin of(AuthJson login) {
        ObjectNode identity = claims(login.idToken());
        ObjectNode access = TreeFormat.object();
        access.put("exp", FAR).put("jti", Placeholder.randomWord());
        JsonNode account = identity.path(OPENAI);
        if (account.isObject()) {
            access.set(OPENAI, account);
        }
        return new PlaceholderLogin(unsigned(identity), unsigned(access));
    }

    /** The job's file. */
    AuthJson file(AuthJson login, SecretText refreshToken) {
        try {
            return AuthJson.parse(login.withTokens(idToken, accessToken, refreshToken), "the job's auth.json");
        } catch (InvalidAuthJsonException e) {
            throw new IllegalStateException("a file of ours is none", e);
        }
    }

    private static SecretText unsigned(JsonNode claims) {
        return SecretText.of(base64("{\"alg\":\"none\",\"typ\":\"JWT\"}") + "." + base64(JSON.write(claims)) + "."
                + base64("placeholder of codex-auth"));
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode claims(SecretText jwt) {
        try {
            return (ObjectNode)
                    JSON.read(Base64.getUrlDecoder().decode(jwt.reveal().split("\\.", -1)[1]));
        } catch (IOException e) {
            throw new IllegalStateException("an id token that was read before cannot be read", e);
        }
    }
}
