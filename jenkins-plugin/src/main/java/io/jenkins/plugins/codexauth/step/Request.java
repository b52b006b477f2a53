package io.jenkins.plugins.codexauth.step;

import hudson.Util;
import io.github.codexauth.DurationText;
import io.github.codexauth.SignInMode;
import io.jenkins.plugins.codexauth.session.SignInFailedException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a job asked for, as it was typed. A class of plain strings, since it is written to the disk with the build and
 * read back by later versions.
 */
final class Request implements Serializable {
    private static final long serialVersionUID = 1L;

    private final @Nullable String authJson;
    private final @Nullable String pool;
    private final @Nullable String apiKey;
    private final @Nullable String accessToken;
    private final @Nullable String federationRule;
    private final @Nullable String identityTokenFile;
    private final @Nullable String wait;
    private final @Nullable String timeLimit;
    private final @Nullable String config;
    private final @Nullable String give;
    private final boolean shared;

    Request(WithCodexAuthStep step) {
        this.authJson = Util.fixEmptyAndTrim(step.getAuthJson());
        this.pool = Util.fixEmptyAndTrim(step.getPool());
        this.apiKey = Util.fixEmptyAndTrim(step.getApiKey());
        this.accessToken = Util.fixEmptyAndTrim(step.getAccessToken());
        this.federationRule = Util.fixEmptyAndTrim(step.getFederationRule());
        this.identityTokenFile = Util.fixEmptyAndTrim(step.getIdentityTokenFile());
        this.wait = Util.fixEmptyAndTrim(step.getWait());
        this.timeLimit = Util.fixEmptyAndTrim(step.getTimeLimit());
        this.config = Util.fixEmpty(step.getConfig());
        this.give = Util.fixEmptyAndTrim(step.typedLevel());
        this.shared = step.isShared();
    }

    /** A way of signing in that was asked for: by which option, and with what. */
    record Way(Kind kind, String value) {}

    /** The ways, by their options. */
    enum Kind {
        API_KEY("apiKey", SignInMode.API_KEY),
        ACCESS_TOKEN("accessToken", SignInMode.ACCESS_TOKEN),
        WORKLOAD_IDENTITY("federationRule", SignInMode.WORKLOAD_IDENTITY),
        LOGIN("authJson", SignInMode.MANAGED),
        POOL("pool", SignInMode.MANAGED);

        private final String option;
        private final SignInMode mode;

        Kind(String option, SignInMode mode) {
            this.option = option;
            this.mode = mode;
        }

        SignInMode mode() {
            return mode;
        }

        String option() {
            return option;
        }

        /** Whether it is one that works once, so that builds take turns. */
        boolean isLogin() {
            return mode == SignInMode.MANAGED;
        }
    }

    /**
     * The one way that was asked for.
     *
     * @throws SignInFailedException if none was, or several
     */
    Way way() throws SignInFailedException {
        List<Way> ways = ways();
        if (ways.isEmpty()) {
            throw new SignInFailedException(
                    "withCodexAuth was given no credential",
                    "write one of withCodexAuth(authJson: 'ID'), (apiKey: 'ID'), (accessToken: 'ID'), (pool: 'NAME'), or"
                            + " (federationRule: 'ID', identityTokenFile: '/…')");
        }
        if (ways.size() > 1) {
            throw new SignInFailedException(
                    "withCodexAuth was given several credentials: "
                            + String.join(
                                    ", ",
                                    ways.stream()
                                            .map(way -> way.kind().option())
                                            .toList()),
                    "keep one of them, or nest two withCodexAuth blocks");
        }
        return ways.get(0);
    }

    /** Every way that was asked for. */
    List<Way> ways() {
        List<Way> ways = new ArrayList<>();
        add(ways, Kind.API_KEY, apiKey);
        add(ways, Kind.ACCESS_TOKEN, accessToken);
        add(ways, Kind.WORKLOAD_IDENTITY, federationRule);
        add(ways, Kind.LOGIN, authJson);
        add(ways, Kind.POOL, pool);
        return ways;
    }

    private static void add(List<Way> ways, Kind kind, @Nullable String value) {
        if (value != null) {
            ways.add(new Way(kind, value));
        }
    }

    Optional<String> identityTokenFile() {
        return Optional.ofNullable(identityTokenFile);
    }

    /** How long to wait for a login; empty for as long as it takes. */
    Optional<Duration> waitAtMost() throws SignInFailedException {
        return duration(wait, "wait");
    }

    /** How long the block may take; empty for as long as it takes. */
    Optional<Duration> timeLimit() throws SignInFailedException {
        return duration(timeLimit, "timeLimit");
    }

    /**
     * What the block gets of a login; means nothing for a key or token.
     *
     * @throws SignInFailedException if it is no level, or one that was asked for and a key or token has not
     */
    Give give() throws SignInFailedException {
        Kind kind = way().kind();
        if (give == null) {
            return Give.ACCESS;
        }
        Give level = Give.named(give);
        if (level == Give.ACCESS && !kind.isLogin()) {
            throw new SignInFailedException(
                    "'give: access' is for logins, and '" + kind.option() + "' is none",
                    "leave 'give' out, or sign in with authJson or pool");
        }
        return level;
    }

    /**
     * Whether other builds may have the login at the same time.
     *
     * @throws SignInFailedException if that was asked for what no other build could have, or need not wait for
     */
    boolean shared() throws SignInFailedException {
        if (shared && !way().kind().isLogin()) {
            throw new SignInFailedException(
                    "'shared' is for logins, and '" + way().kind().option() + "' is none",
                    "leave 'shared' out: any number of builds may have a key or token at once");
        }
        if (shared && give() == Give.ALL) {
            throw new SignInFailedException(
                    "a login that other builds have, too, cannot be given as a whole: its refresh token works once",
                    "leave give: 'all' out, or shared: true");
        }
        return shared;
    }

    @Nullable
    String config() {
        return config;
    }

    private static Optional<Duration> duration(@Nullable String text, String option) throws SignInFailedException {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(DurationText.parse(text));
        } catch (IllegalArgumentException e) {
            throw new SignInFailedException("'" + option + "' is not a duration", DurationText.HOW_TO);
        }
    }
}
