package io.github.codexauth.login;

import io.github.codexauth.Account;
import io.github.codexauth.CodexAuthException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is left of a login that its store has lost: the generation before, and the rescue copies of this machine, among
 * them what killed jobs had in their homes. All of it is newer than the seed that the login once began with.
 */
final class Leftovers {
    private final LoginRecords records;
    private final LoginSettings settings;

    Leftovers(LoginRecords records, LoginSettings settings) {
        this.records = records;
        this.settings = settings;
    }

    /**
     * One of them.
     *
     * @param source what it was, for people
     * @param copy the rescue copy, if it was one
     */
    record Leftover(OpenRecord login, String source, Optional<RescueArea.Copy> copy) {}

    /**
     * The newest of them.
     *
     * @param account whose it has to be; empty for anybody's
     */
    Optional<Leftover> newest(Optional<Account> account) throws CodexAuthException {
        Instant latest = Lineage.tomorrow(settings.clock());
        return all().stream()
                .filter(left -> !left.login().auth().isIssuedAfter(latest))
                .filter(left ->
                        account.isEmpty() || left.login().auth().account().mayBe(account.get()))
                .reduce((one, other) ->
                        other.login().auth().isOlderThan(one.login().auth()) ? one : other);
    }

    private List<Leftover> all() throws CodexAuthException {
        List<Leftover> all = new ArrayList<>();
        records.loadPrevious()
                .ifPresent(login -> all.add(new Leftover(login, "the generation before", Optional.empty())));
        for (RescueArea.Copy copy : settings.rescue().copies(records.id())) {
            if (!copy.isAside()) {
                records.openIfPossible(copy.record())
                        .ifPresent(login ->
                                all.add(new Leftover(login, "the rescue copy " + copy.file(), Optional.of(copy))));
            }
        }
        return all;
    }
}
