package io.github.codexauth.standin;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/** One state of a login: the three tokens of an {@code auth.json}, looking as OpenAI's do. */
public record Tokens(String idToken, String accessToken, String refreshToken, Instant issuedAt, Instant expiresAt) {
    private static final JsonMapper JSON = new JsonMapper();

    /** Fresh tokens; none is ever made twice. */
    public static Tokens issue(String accountId, String userId, Instant issuedAt, Duration lifetime) {
        Instant expiresAt = issuedAt.plus(lifetime);
        ObjectNode openAi = JSON.createObjectNode()
                .put("chatgpt_account_id", accountId)
                .put("chatgpt_user_id", userId)
                .put("chatgpt_plan_type", "pro");
        ObjectNode identity = JSON.createObjectNode().put("sub", userId).put("email", "ci@example.com");
        if (userId.isEmpty()) {
            openAi.remove("chatgpt_user_id");
            identity.remove("sub");
        }
        identity.set("https://api.openai.com/auth", openAi);
        ObjectNode access =
                JSON.createObjectNode().put("iat", issuedAt.getEpochSecond()).put("exp", expiresAt.getEpochSecond());
        access.set("https://api.openai.com/auth", openAi);
        return new Tokens(jwt(identity), jwt(access), "rt_" + random() + random(), issuedAt, expiresAt);
    }

    /** The same with an access token of which only the server knows what it means. */
    Tokens withOpaqueAccessToken() {
        return new Tokens(idToken, "opaque_" + random() + random(), refreshToken, issuedAt, expiresAt);
    }

    /** The file as Codex writes it. */
    public byte[] authJson(String accountId) {
        ObjectNode file = JSON.createObjectNode().put("auth_mode", "chatgpt").putNull("OPENAI_API_KEY");
        file.putObject("tokens")
                .put("id_token", idToken)
                .put("access_token", accessToken)
                .put("refresh_token", refreshToken)
                .put("account_id", accountId);
        file.put("last_refresh", issuedAt.toString());
        return (file.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String jwt(ObjectNode claims) {
        claims.put("jti", UUID.randomUUID().toString());
        return base64("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + "." + base64(claims.toString()) + "."
                + base64(random() + random());
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String random() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
