package io.jenkins.plugins.codexauth.page;

import io.jenkins.plugins.codexauth.account.AccountState;
import io.jenkins.plugins.codexauth.account.AccountStates;
import io.jenkins.plugins.codexauth.account.Accounts;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.account.Health;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The accounts that a query is for, and how many there are beside them. A snapshot; holds no secret. */
public final class AccountsView {
    /** Who has fewer needs neither to search nor to turn pages. */
    private static final int FEW = 10;

    private static final int ON_A_PAGE = 50;

    private final AccountsQuery query;
    private final List<Found> found;
    private final Map<Health, Integer> counts = new EnumMap<>(Health.class);
    private final int all;

    private record Found(CodexAccount account, AccountState state) {}

    /**
     * So many accounts do so.
     *
     * @param address where the page shows them alone
     * @param isShown whether it does already
     */
    public record Count(Health health, int accounts, String address, boolean isShown) {}

    private AccountsView(AccountsQuery query, List<CodexAccount> accounts, Instant now) {
        this.query = query;
        this.all = accounts.size();
        List<Found> matching = new ArrayList<>();
        AccountStates.of(accounts, now).forEach((account, state) -> {
            if (query.isFor(state)) {
                counts.merge(state.getHealth(), 1, Integer::sum);
                if (query.isFor(state.getHealth())) {
                    matching.add(new Found(account, state));
                }
            }
        });
        matching.sort((one, other) -> query.sort().order().compare(one.state(), other.state()));
        this.found = List.copyOf(matching);
    }

    /** Looks at every account of this controller. */
    static AccountsView of(AccountsQuery query, Instant now) {
        return new AccountsView(query, Accounts.all(), now);
    }

    public AccountsQuery getQuery() {
        return query;
    }

    /** How many accounts the controller has. */
    public int getAll() {
        return all;
    }

    /** How many of them the filter lets through, however they do. */
    public int getFiltered() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Whether there are so many that one would search. */
    public boolean isMany() {
        return all > FEW || getFiltered() < all;
    }

    /** How the filtered accounts do, the worst first, without those that none does. */
    public List<Count> getCounts() {
        List<Count> worst = new ArrayList<>();
        counts.forEach((health, number) -> worst.add(new Count(
                health, number, query.doing(health).address(), query.health().equals(Optional.of(health)))));
        Collections.reverse(worst);
        return worst;
    }

    /** How many pages the query's accounts fill; at least one. */
    public int getPages() {
        return Math.max(1, (found.size() + ON_A_PAGE - 1) / ON_A_PAGE);
    }

    /** The page that is shown, from 1: the last one, if the query is for one that is not there. */
    public int getPage() {
        return Math.min(query.page().orElse(1), getPages());
    }

    /** Where the page before is; null on the first. */
    public @Nullable String getPreviousPage() {
        return getPage() == 1 ? null : query.onPage(getPage() - 1).address();
    }

    /** Where the next page is; null on the last. */
    public @Nullable String getNextPage() {
        return getPage() == getPages() ? null : query.onPage(getPage() + 1).address();
    }

    /** The accounts of the shown page, with what only a page has use for. */
    public List<AccountRow> getRows() {
        return page(getPage()).stream()
                .map(one -> new AccountRow(one.account(), one.state()))
                .toList();
    }

    /** Those of the query's page, none if there is no such page; all, if it names none. */
    List<AccountState> states() {
        return query.page().map(this::page).orElse(found).stream()
                .map(Found::state)
                .toList();
    }

    private List<Found> page(int number) {
        return found.stream().skip((number - 1L) * ON_A_PAGE).limit(ON_A_PAGE).toList();
    }
}
