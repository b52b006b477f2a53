package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.SignInMode;
import io.github.codexauth.handover.BrokerSettings;
import io.github.codexauth.home.BaseUrls;
import io.github.codexauth.home.CodexConfig;
import io.github.codexauth.runner.input.ProcessContext;
import io.github.codexauth.runner.network.HttpsClients;
import io.github.codexauth.runner.network.UnusableProxyException;
import io.github.codexauth.runner.policy.SettingsTrust;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a broker needs: the servers that a job's settings name, if their word counts, and a way to them.
 *
 * @param configFile the job's own settings
 */
record BrokerOpening(ProcessContext process, SettingsTrust trust, Optional<Path> configFile) {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final List<String> OPENAIS = List.of("openai.com", "chatgpt.com");

    /**
     * Makes them ready.
     *
     * @throws UntrustedServerException if the job could have named a server other than OpenAI's, which would then get
     *     the credential
     */
    BrokerSettings settings(CodexConfig config, SignInMode mode) throws CodexAuthException {
        try {
            BrokerSettings settings = BrokerSettings.of(
                    config,
                    HttpsClients.create(process.environment(), trust.authorities(process.environment()), CONNECT),
                    process.environment());
            requireTrusted(settings, config, mode);
            return settings;
        } catch (UnusableProxyException e) {
            throw UntrustedServerException.behind(e);
        }
    }

    private void requireTrusted(BrokerSettings settings, CodexConfig config, SignInMode mode)
            throws CodexAuthException {
        BaseUrls named = config.baseUrls(mode);
        List<URI> inFile = new ArrayList<>(named.models().values());
        inFile.add(named.account());
        if (configFile.isPresent() && !trust.believes(configFile.get())) {
            for (URI server : inFile) {
                requireOpenAis(server, configFile.get().toString());
            }
        }
        if (mode == SignInMode.ACCESS_TOKEN && !trust.believesVariables()) {
            requireOpenAis(settings.accounts(), BrokerSettings.ACCOUNTS_ADDRESS);
        }
    }

    private static void requireOpenAis(URI server, String where) throws UntrustedServerException {
        String host = String.valueOf(server.getHost());
        if (OPENAIS.stream().noneMatch(openAi -> host.equals(openAi) || host.endsWith("." + openAi))) {
            throw UntrustedServerException.namedIn(where);
        }
    }
}
