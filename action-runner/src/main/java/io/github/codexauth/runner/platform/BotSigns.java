package io.github.codexauth.runner.platform;

import io.github.codexauth.trust.BotNames;
import io.github.codexauth.trust.Bots;
import io.github.codexauth.trust.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What shows that a change is a bot's: the accounts that made it or started the job, and the branches that well-known
 * bots make under whatever account they were given.
 *
 * <p>Source: docs.github.com, "About users" ({@code type: Bot}); see {@link BotNames}.
 */
public final class BotSigns {
    /**
     * They start what the repository's own workflows and its merge queue start. What they write is a bot's nonetheless.
     */
    private static final Set<String> GITHUBS_OWN = Set.of("github-actions[bot]", "github-merge-queue[bot]");

    private final List<String> bots = new ArrayList<>();
    private Optional<String> source = Optional.empty();
    private Optional<String> knownBy = Optional.empty();

    /** Who wrote the change, by a name that tells whether it is a bot's. */
    public BotSigns author(Optional<Fact<String>> name) {
        name.ifPresent(account -> author(account, isBot(account.value())));
        return this;
    }

    /** Who wrote the change, where the CI system says whether that is a bot. */
    BotSigns author(Fact<String> name, boolean isBot) {
        knownBy = knownBy.or(() -> Optional.of(name.source()));
        if (isBot) {
            found(name.value(), name.source());
        }
        return this;
    }

    /** Who let the job start, by a name that tells whether it is a bot's. */
    public BotSigns starter(Optional<Fact<String>> name) {
        name.ifPresent(account -> starter(account, isBot(account.value())));
        return this;
    }

    /** Who let the job start, where the CI system says whether that is a bot. */
    BotSigns starter(Fact<String> name, boolean isBot) {
        return author(name, isBot && !GITHUBS_OWN.contains(name.value()));
    }

    /** Whoever started the job is no sign, since it runs what the repository had already. */
    public BotSigns whoeverStarted(String source) {
        knownBy = knownBy.or(() -> Optional.of(source));
        return this;
    }

    /** The branch that the change is on; it tells of a bot, and never that there is none. */
    public BotSigns branch(Optional<Fact<String>> name) {
        name.ifPresent(branch -> BotNames.ofBranch(branch.value()).ifPresent(bot -> found(bot, branch.source())));
        return this;
    }

    /** What the signs say together; empty if no account is known. */
    public Optional<Fact<Bots>> fact() {
        return source.map(found -> Fact.declared(new Bots(bots), found))
                .or(() -> knownBy.map(known -> Fact.declared(Bots.NONE, known)));
    }

    static boolean isBot(String account) {
        return BotNames.isAccount(account);
    }

    private void found(String bot, String where) {
        source = source.or(() -> Optional.of(where));
        if (!bots.contains(bot)) {
            bots.add(bot);
        }
    }
}
