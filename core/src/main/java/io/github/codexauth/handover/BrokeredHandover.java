package io.github.codexauth.handover;

import io.github.codexauth.CodexAuth;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.SecretText;
import io.github.codexauth.SignInMode;
import io.github.codexauth.broker.Bearers;
import io.github.codexauth.broker.Broker;
import io.github.codexauth.broker.Upstream;
import io.github.codexauth.handover.AccessTokens.Granted;
import io.github.codexauth.handover.AccessTokens.Supply;
import io.github.codexauth.home.BaseUrls;
import io.github.codexauth.home.CodexHome;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Placeholders, and a broker that puts the credential on what the job's Codex sends. */
public final class BrokeredHandover implements Handover {
    private final Broker broker;
    private final Map<String, String> variables;

    private BrokeredHandover(Broker broker, Map<String, String> variables) {
        this.broker = broker;
        this.variables = Map.copyOf(variables);
    }

    /**
     * Puts into a job's home what it gets of a login.
     *
     * @param login opened already
     * @throws CodexAuthException if the home cannot be written, the settings name a server that must not get a
     *     credential, or the machine has no loopback interface
     */
    public static BrokeredHandover of(KeptLogin login, CodexHome home, BrokerSettings settings, Clock clock)
            throws CodexAuthException {
        Granted now = login.now();
        PlaceholderLogin placeholder = PlaceholderLogin.of(now.login());
        Placeholder refreshToken = Placeholder.random();
        AccessTokens placeholders = generation -> {
            Supply supply = login.after(generation);
            return supply instanceof Granted next
                    ? new Granted(placeholder.file(next.login(), refreshToken.at(next.generation())), next.generation())
                    : supply;
        };
        home.restore(
                placeholder.file(now.login(), refreshToken.at(now.generation())).bytes());
        Broker broker = open(
                        home, settings, SignInMode.MANAGED, placeholder.accessToken(), new LoginBearers(login, clock))
                .broker();
        URI tokens = broker.serve(TokenEndpoint.PATH, new TokenEndpoint(refreshToken, placeholders, clock));
        return new BrokeredHandover(broker, Map.of(TokenAddress.VARIABLE, tokens.toString()));
    }

    /** The same for an API key, which the job's Codex finds in a variable. */
    public static BrokeredHandover of(CodexAuth.ApiKey key, CodexHome home, BrokerSettings settings)
            throws CodexAuthException {
        SecretText placeholder = random("sk-");
        Broker broker = open(home, settings, key.mode(), placeholder, Bearers.only(key.key()))
                .broker();
        return new BrokeredHandover(broker, new CodexAuth.ApiKey(placeholder).variables());
    }

    /** The same for the access token of a workspace, which has to be one that begins with {@code at-}. */
    public static BrokeredHandover of(CodexAuth.AccessToken token, CodexHome home, BrokerSettings settings)
            throws CodexAuthException {
        SecretText placeholder = random("at-");
        Broker.Opened opened = open(home, settings, token.mode(), placeholder, Bearers.only(token.token()));
        Map<String, String> variables = new LinkedHashMap<>(new CodexAuth.AccessToken(placeholder).variables());
        opened.addresses()
                .tokenOwner()
                .ifPresent(address -> variables.put(BrokerSettings.ACCOUNTS_ADDRESS, address.toString()));
        return new BrokeredHandover(opened.broker(), variables);
    }

    private static Broker.Opened open(
            CodexHome home, BrokerSettings settings, SignInMode mode, SecretText placeholder, Bearers bearers)
            throws CodexAuthException {
        BaseUrls usual = settings.config().baseUrls(mode);
        Map<String, Upstream> models = new LinkedHashMap<>();
        for (Map.Entry<String, URI> model : usual.models().entrySet()) {
            models.put(model.getKey(), Upstream.models(model.getValue(), "the model provider " + model.getKey()));
        }
        Broker.Upstreams upstreams = new Broker.Upstreams(
                models,
                Upstream.account(usual.account(), "chatgpt_base_url"),
                mode == SignInMode.ACCESS_TOKEN
                        ? Optional.of(Upstream.tokenOwner(settings.accounts(), BrokerSettings.ACCOUNTS_ADDRESS))
                        : Optional.empty());
        Broker.Opened opened;
        try {
            opened = Broker.open(placeholder, bearers, settings.outward(), upstreams);
        } catch (IOException e) {
            throw Loopback.missing(e, "give the job the credential: --give all");
        }
        boolean written = false;
        try {
            BaseUrls through =
                    new BaseUrls(opened.addresses().models(), opened.addresses().account());
            home.writeConfig(settings.config().sendingTo(through).forHome(home.folder()));
            written = true;
            return opened;
        } finally {
            if (!written) {
                opened.broker().close();
            }
        }
    }

    private static SecretText random(String kind) {
        return SecretText.of(kind + Placeholder.randomWord());
    }

    @Override
    public Map<String, String> variables(Map<String, String> environment) {
        Map<String, String> all = new LinkedHashMap<>(variables);
        all.putAll(Loopback.withoutProxy(environment));
        return all;
    }

    @Override
    public void close() {
        broker.close();
    }
}
