package io.github.codexauth;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An {@code auth.json} of a ChatGPT login, as Codex wrote it: the exact bytes, and what can be read from them.
 *
 * <p>The bytes are what is stored and restored. They are never written anew from a model, because Codex keeps fields
 * here that we do not know. Claims are read without checking the token's signature: they tell a file's owner and age,
 * and grant nothing.
 *
 * <p>Immutable and safe for use by several threads. {@link #toString()} holds no secret.
 */
public final class AuthJson {
    /** Longest file that is read, in bytes. A real one has 4 to 8 KiB. */
    public static final int LONGEST = 1024 * 1024;

    private static final String SEED_AGAIN = "log in again with 'codex login' on a trusted machine"
            + " (cli_auth_credentials_store = \"file\") and use the auth.json it writes";

    private static final TreeFormat JSON = TreeFormat.json(32, LONGEST);

    private final byte[] bytes;
    private final String authMode;
    private final Account account;
    private final Optional<String> plan;
    private final SecretText idToken;
    private final SecretText accessToken;
    private final SecretText refreshToken;
    private final Instant lastRefresh;
    private final Optional<Instant> issuedAt;
    private final Optional<Instant> expiresAt;

    private AuthJson(byte[] bytes, JsonNode root, String name) throws InvalidAuthJsonException {
        this.bytes = bytes;
        this.authMode = text(root, "auth_mode").orElse("");
        if (!authMode.isEmpty() && !authMode.equals("chatgpt")) {
            throw wrongMode(name, authMode);
        }
        JsonNode tokens = root.path("tokens");
        if (!tokens.isObject()) {
            throw withoutTokens(name, root);
        }
        this.idToken = token(tokens, "id_token", name);
        this.accessToken = token(tokens, "access_token", name);
        this.refreshToken = token(tokens, "refresh_token", name);
        Optional<JsonNode> claims = claims(idToken);
        if (claims.isEmpty()) {
            throw new InvalidAuthJsonException(
                    name + " has an id_token that is not a JWT; Codex would not accept the file", SEED_AGAIN);
        }
        JsonNode identity = claims.get();
        JsonNode openAi = identity.path("https://api.openai.com/auth");
        this.account = new Account(
                text(openAi, "chatgpt_account_id")
                        .or(() -> text(tokens, "account_id"))
                        .orElseThrow(() -> new InvalidAuthJsonException(
                                name + " does not say whose login it is (no chatgpt_account_id, no account_id)",
                                SEED_AGAIN)),
                text(openAi, "chatgpt_user_id").or(() -> text(identity, "sub")).orElse(""));
        this.plan = text(openAi, "chatgpt_plan_type");
        Optional<Instant> refreshed = instant(text(root, "last_refresh").orElse(""));
        if (refreshed.isEmpty()) {
            throw new InvalidAuthJsonException(
                    name + " has no readable last_refresh; Codex would send requests without a credential", SEED_AGAIN);
        }
        this.lastRefresh = refreshed.get();
        JsonNode access = claims(accessToken).orElse(MissingNode.getInstance());
        this.issuedAt = seconds(access, "iat");
        this.expiresAt = seconds(access, "exp");
    }

    /**
     * Reads a file's content.
     *
     * <p>A file without {@code auth_mode} is accepted, because older versions of Codex leave it out when they refresh;
     * a seed is held to more by {@link #requireSeed}.
     *
     * @param bytes the whole content, copied
     * @param name what to call the file in messages, such as {@code /run/secrets/auth.json}
     * @throws InvalidAuthJsonException if Codex could not use and refresh this file; the message quotes none of it
     */
    public static AuthJson parse(byte[] bytes, String name) throws InvalidAuthJsonException {
        if (bytes.length == 0) {
            throw new InvalidAuthJsonException(name + " is empty", SEED_AGAIN);
        }
        if (bytes.length > LONGEST) {
            throw new InvalidAuthJsonException(
                    name + " has " + bytes.length + " bytes; an auth.json has a few thousand, and more than " + LONGEST
                            + " are not read",
                    "check that the path names the auth.json");
        }
        if (startsWithByteOrderMark(bytes)) {
            throw new InvalidAuthJsonException(
                    name + " begins with a byte order mark, which Codex does not accept",
                    "save the file as UTF-8 without BOM, or copy it unchanged from CODEX_HOME");
        }
        requireUtf8(bytes, name);
        byte[] copy = bytes.clone();
        return new AuthJson(copy, tree(copy, name), name);
    }

    /**
     * The refresh token of a file that need not be one that {@link #parse} understands: a login of a form that is not
     * known yet is a login all the same. Empty if the bytes are no complete JSON, or hold no refresh token.
     */
    public static Optional<SecretText> refreshTokenIn(byte[] bytes) {
        if (bytes.length > LONGEST) {
            return Optional.empty();
        }
        try {
            return text(JSON.read(bytes).path("tokens"), "refresh_token").map(SecretText::of);
        } catch (IOException torn) {
            return Optional.empty();
        }
    }

    /**
     * Checks what OpenAI asks of a login that automation starts from: {@code auth_mode} is {@code chatgpt}.
     *
     * @throws InvalidAuthJsonException if it is not
     */
    public AuthJson requireSeed(String name) throws InvalidAuthJsonException {
        if (authMode.isEmpty()) {
            throw new InvalidAuthJsonException(name + " has no auth_mode, as files of old Codex versions", SEED_AGAIN);
        }
        return this;
    }

    /** The exact bytes, as a copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whose login this is. */
    public Account account() {
        return account;
    }

    /** The ChatGPT plan, such as {@code enterprise}. */
    public Optional<String> plan() {
        return plan;
    }

    /** When Codex last wrote new tokens, by the clock of the machine it ran on. */
    public Instant lastRefresh() {
        return lastRefresh;
    }

    /** When OpenAI issued the access token, by OpenAI's clock; empty if the token does not say. */
    public Optional<Instant> issuedAt() {
        return issuedAt;
    }

    /** When the access token ends; empty if the token does not say. */
    public Optional<Instant> expiresAt() {
        return expiresAt;
    }

    /** Whether the access token says that it ends by then, or has ended. */
    public boolean endsBy(Instant then) {
        return expiresAt.isPresent() && !expiresAt.get().isAfter(then);
    }

    /** The id token, a JWT that says whose login this is. */
    public SecretText idToken() {
        return idToken;
    }

    /** The access token. */
    public SecretText accessToken() {
        return accessToken;
    }

    /** The refresh token. */
    public SecretText refreshToken() {
        return refreshToken;
    }

    /** Tells two refresh tokens apart without showing either: 12 hex digits. */
    public String refreshTokenFingerprint() {
        return refreshToken.fingerprint();
    }

    /** The id token, the access token and the refresh token. */
    public List<SecretText> secrets() {
        return List.of(idToken, accessToken, refreshToken);
    }

    /**
     * A file for a job that may use this login and must not be able to refresh it.
     *
     * @param placeholder in the refresh token's place
     */
    public byte[] withoutRefreshToken(SecretText placeholder) {
        return withTokens(idToken, accessToken, placeholder);
    }

    /**
     * The same login's file with other tokens. Made of the fields that Codex needs, so that nothing else that a newer
     * Codex may keep in the file gets into it. It is no state of the login, and is never stored.
     */
    public byte[] withTokens(SecretText newIdToken, SecretText newAccessToken, SecretText newRefreshToken) {
        ObjectNode file = TreeFormat.object();
        file.put("auth_mode", "chatgpt").putNull("OPENAI_API_KEY");
        file.putObject("tokens")
                .put("id_token", newIdToken.reveal())
                .put("access_token", newAccessToken.reveal())
                .put("refresh_token", newRefreshToken.reveal())
                .put("account_id", account.accountId());
        file.put("last_refresh", lastRefresh.toString());
        return (JSON.writeLines(file) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Whether this file's tokens were issued before the other's.
     *
     * <p>OpenAI's clock decides where both access tokens carry it, since machines' clocks can be days apart;
     * {@code last_refresh} decides otherwise.
     */
    public boolean isOlderThan(AuthJson other) {
        if (issuedAt.isPresent() && other.issuedAt.isPresent()) {
            return issuedAt.get().isBefore(other.issuedAt.get());
        }
        if (expiresAt.isPresent() && other.expiresAt.isPresent()) {
            return expiresAt.get().isBefore(other.expiresAt.get());
        }
        return lastRefresh.isBefore(other.lastRefresh);
    }

    /**
     * Whether this file says that its tokens were issued after an instant: by OpenAI's clock where the access token
     * carries its time of issue, and by the clock of the machine that Codex ran on where it carries no time at all.
     */
    public boolean isIssuedAfter(Instant instant) {
        if (issuedAt.isPresent()) {
            return issuedAt.get().isAfter(instant);
        }
        return expiresAt.isEmpty() && lastRefresh.isAfter(instant);
    }

    /** Whether both hold the same bytes. */
    public boolean sameBytes(AuthJson other) {
        return Arrays.equals(bytes, other.bytes);
    }

    @Override
    public String toString() {
        return "AuthJson[account=" + account.fingerprint() + ", lastRefresh=" + lastRefresh + "]";
    }

    private static JsonNode tree(byte[] bytes, String name) throws InvalidAuthJsonException {
        JsonNode root;
        try {
            root = JSON.read(bytes);
        } catch (JsonProcessingException e) {
            // The cause is dropped: Jackson quotes what it could not read.
            throw new InvalidAuthJsonException(name + " is not complete JSON" + place(e.getLocation()), SEED_AGAIN);
        } catch (IOException e) {
            throw new InvalidAuthJsonException(name + " is not readable as JSON", SEED_AGAIN);
        }
        if (!root.isObject()) {
            throw new InvalidAuthJsonException(name + " is JSON, but not an object", SEED_AGAIN);
        }
        return root;
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    private static InvalidAuthJsonException wrongMode(String name, String mode) {
        return switch (mode) {
            case "apikey" ->
                new InvalidAuthJsonException(
                        name + " holds an API key, not a ChatGPT login",
                        "put the key itself into a file and use --api-key-file FILE");
            case "chatgptAuthTokens" ->
                new InvalidAuthJsonException(
                        name + " has auth_mode chatgptAuthTokens, whose tokens another program refreshes", SEED_AGAIN);
            case "agentIdentity" ->
                new InvalidAuthJsonException(
                        name + " holds an access token, not a ChatGPT login",
                        "put the token itself into a file and use --access-token-file FILE");
            default -> new InvalidAuthJsonException(name + " has an auth_mode other than chatgpt", SEED_AGAIN);
        };
    }

    private static InvalidAuthJsonException withoutTokens(String name, JsonNode root) {
        if (text(root, "OPENAI_API_KEY").isPresent()) {
            return wrongMode(name, "apikey");
        }
        if (text(root, "personal_access_token").isPresent()) {
            return wrongMode(name, "agentIdentity");
        }
        return new InvalidAuthJsonException(name + " has no tokens", SEED_AGAIN);
    }

    private static SecretText token(JsonNode tokens, String field, String name) throws InvalidAuthJsonException {
        Optional<String> token = text(tokens, field);
        if (token.isEmpty()) {
            throw new InvalidAuthJsonException(
                    name + " has no " + field + ", so Codex cannot keep this login alive", SEED_AGAIN);
        }
        return SecretText.of(token.get());
    }

    private static Optional<String> text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isTextual() && !value.textValue().isBlank() ? Optional.of(value.textValue()) : Optional.empty();
    }

    private static Optional<JsonNode> claims(SecretText jwt) {
        String[] parts = jwt.reveal().split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            JsonNode claims = JSON.read(Base64.getUrlDecoder().decode(parts[1]));
            return claims.isObject() ? Optional.of(claims) : Optional.empty();
        } catch (IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> seconds(JsonNode claims, String field) {
        JsonNode value = claims.path(field);
        try {
            return value.isNumber() ? Optional.of(Instant.ofEpochSecond(value.longValue())) : Optional.empty();
        } catch (DateTimeException outOfRange) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    private static boolean startsWithByteOrderMark(byte[] bytes) {
        return bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
    }

    private static void requireUtf8(byte[] bytes, String name) throws InvalidAuthJsonException {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            throw new InvalidAuthJsonException(
                    name + " is not UTF-8 text", "copy the file unchanged from CODEX_HOME, not through a conversion");
        }
    }
}
