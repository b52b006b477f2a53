package io.github.codexauth.handover;

import io.github.codexauth.broker.Upstream;
import io.github.codexauth.home.CodexConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Map;

/**
 * What a broker for one job is to know.
 *
 * @param config the job's settings, which say where its Codex sends its credential
 * @param client reaches these servers, and follows no redirects
 * @param accounts where access tokens are looked up
 */
public record BrokerSettings(CodexConfig config, HttpClient client, URI accounts) {
    static final String ACCOUNTS_ADDRESS = "CODEX_AUTHAPI_BASE_URL";

    /** @param environment says whether OpenAI's accounts are elsewhere, as it says to Codex */
    public static BrokerSettings of(CodexConfig config, HttpClient client, Map<String, String> environment) {
        String elsewhere = environment.getOrDefault(ACCOUNTS_ADDRESS, "");
        return new BrokerSettings(config, client, elsewhere.isBlank() ? Upstream.ACCOUNTS : URI.create(elsewhere));
    }
}
