package io.github.codexauth.handover;

import io.github.codexauth.broker.Outward;
import io.github.codexauth.broker.Upstream;
import io.github.codexauth.home.CodexConfig;
import java.net.URI;
import java.util.Map;

/**
 * What a broker for one job is to know.
 *
 * @param config the job's settings, which say where its Codex sends its credential
 * @param outward the way to these servers
 * @param accounts where access tokens are looked up
 */
public record BrokerSettings(CodexConfig config, Outward outward, URI accounts) {
    /** The variable by which Codex is told where access tokens are looked up. */
    public static final String ACCOUNTS_ADDRESS = "CODEX_AUTHAPI_BASE_URL";

    /** @param environment says whether OpenAI's accounts are elsewhere, as it says to Codex */
    public static BrokerSettings of(CodexConfig config, Outward outward, Map<String, String> environment) {
        String elsewhere = environment.getOrDefault(ACCOUNTS_ADDRESS, "");
        return new BrokerSettings(config, outward, elsewhere.isBlank() ? Upstream.ACCOUNTS : URI.create(elsewhere));
    }
}
