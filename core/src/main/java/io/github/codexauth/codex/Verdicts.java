package io.github.codexauth.codex;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.codexauth.OneLine;
import io.github.codexauth.codex.Complaints.Complaint;
import io.github.codexauth.codex.Diagnosis.Dead;
import io.github.codexauth.codex.Diagnosis.Hindered;
import io.github.codexauth.codex.Diagnosis.Hindrance;
import io.github.codexauth.store.NeedsLogin.Cause;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/**
 * Tells a dead login from a healthy one that Codex could not refresh.
 *
 * <p>Dead is only what OpenAI names by one of its three codes. {@code "account": null} alone is not enough: it also
 * comes where settings ask for another way to log in, and for answers that Codex itself does not know.
 */
final class Verdicts {
    private Verdicts() {}

    /**
     * Judges what was heard.
     *
     * @param answer to {@code account/read}
     * @param config the answer to {@code config/read}, if it was asked
     */
    static Diagnosis of(JsonNode answer, Optional<JsonNode> config, Set<Complaint> heard) {
        boolean signedOut = isSignedOut(answer);
        if (heard.contains(Complaint.REUSED)) {
            return new Dead(Cause.REFRESH_TOKEN_REUSED);
        }
        if (heard.contains(Complaint.EXPIRED)) {
            return new Dead(Cause.REFRESH_TOKEN_EXPIRED);
        }
        if (heard.contains(Complaint.REVOKED)) {
            return new Dead(Cause.REFRESH_TOKEN_INVALIDATED);
        }
        if (signedOut && heard.contains(Complaint.REFUSED) && !heard.contains(Complaint.UNKNOWN_ANSWER)) {
            return new Dead(Cause.REFUSED);
        }
        Optional<Hindered> network = network(heard);
        if (network.isPresent()) {
            return network.get();
        }
        if (signedOut) {
            return config.flatMap(Verdicts::settings)
                    .orElseGet(() -> new Hindered(
                            Hindrance.UNKNOWN, "OpenAI refuses to refresh it, by a code that Codex does not know"));
        }
        if (!answer.has("error")) {
            return new Diagnosis.NoComplaint();
        }
        return anyServer(heard)
                .orElseGet(() -> new Hindered(
                        Hindrance.UNKNOWN,
                        "Codex reports: "
                                + OneLine.withoutTokens(
                                        answer.path("error").path("message").asText("an error without a message"))));
    }

    static boolean isSignedOut(JsonNode answer) {
        return !answer.has("error") && !answer.path("result").path("account").isObject();
    }

    /** What stands between Codex and the server for logins, whatever the login is like. */
    static Optional<Hindered> network(Set<Complaint> heard) {
        if (heard.contains(Complaint.UNREADABLE_CA_BUNDLE)) {
            return Optional.of(new Hindered(
                    Hindrance.SETTINGS,
                    "the CA bundle that CODEX_CA_CERTIFICATE or SSL_CERT_FILE names is not there or no bundle"));
        }
        if (heard.contains(Complaint.SERVER_ERROR)) {
            return Optional.of(new Hindered(Hindrance.UNREACHABLE, "OpenAI's server for logins answers with an error"));
        }
        if (heard.contains(Complaint.NO_CONNECTION)) {
            return Optional.of(new Hindered(
                    Hindrance.UNREACHABLE,
                    heard.contains(Complaint.TLS_BEGUN)
                            ? "no safe connection to OpenAI's server for logins, as with a certificate that the CA bundle"
                                    + " of CODEX_CA_CERTIFICATE or SSL_CERT_FILE does not cover"
                            : "OpenAI's server for logins cannot be reached"));
        }
        return Optional.empty();
    }

    /** What stands between Codex and whatever server, where {@link #network} knows nothing of the one for logins. */
    static Optional<Hindered> anyServer(Set<Complaint> heard) {
        return heard.contains(Complaint.NO_CONNECTION_ANYWHERE)
                        && Collections.disjoint(heard, Set.of(Complaint.REFUSED, Complaint.UNKNOWN_ANSWER))
                ? Optional.of(new Hindered(Hindrance.UNREACHABLE, "OpenAI's servers cannot be reached"))
                : Optional.empty();
    }

    private static Optional<Diagnosis> settings(JsonNode answer) {
        JsonNode config = answer.path("result").path("config");
        String method = config.path("forced_login_method").asText("");
        if (!method.isEmpty() && !method.equals("null") && !method.equals("chatgpt")) {
            return Optional.of(hindered("ask for another way to log in than ChatGPT (forced_login_method)"));
        }
        JsonNode workspace = config.path("forced_chatgpt_workspace_id");
        if (!workspace.isMissingNode() && !workspace.isNull()) {
            return Optional.of(hindered("allow only another workspace (forced_chatgpt_workspace_id)"));
        }
        String storage = config.path("cli_auth_credentials_store").asText("file");
        return storage.equals("file") || storage.equals("null")
                ? Optional.empty()
                : Optional.of(hindered("keep logins elsewhere than in auth.json (cli_auth_credentials_store)"));
    }

    private static Hindered hindered(String setting) {
        return new Hindered(Hindrance.SETTINGS, "Codex's settings here " + setting);
    }
}
