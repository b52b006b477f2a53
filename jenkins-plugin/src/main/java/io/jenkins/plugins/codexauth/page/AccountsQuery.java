package io.jenkins.plugins.codexauth.page;

import hudson.Util;
import io.jenkins.plugins.codexauth.account.AccountState;
import io.jenkins.plugins.codexauth.account.Health;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * Which accounts an address of the page asks for. What it does not say, or says in words that mean nothing here, is as
 * if it were not there.
 *
 * @param filter a part of the account's name or fingerprint, or of its holder's name; empty for every account
 * @param health how they do; empty for every account
 * @param sort which are first
 * @param page counted from 1; empty if the address names none
 */
public record AccountsQuery(String filter, Optional<Health> health, Sort sort, Optional<Integer> page) {
    /** Every account, those first that need a person. */
    static final AccountsQuery ALL = new AccountsQuery("", Optional.empty(), Sort.PROBLEMS, Optional.empty());

    /** An order. Accounts that are alike in it are in the order of their names. */
    public enum Sort {
        /** Those that need a person first. */
        PROBLEMS(Comparator.comparing(AccountState::getHealth).reversed()),
        NAME(Comparator.comparing(AccountState::getFullName)),
        /** Those whose access tokens end first. */
        EXPIRY(Comparator.comparing((AccountState state) ->
                state.getExpiry() == null ? Instant.MAX : state.getExpiry().at())),
        /** Those that nobody has refreshed for the longest time. */
        REFRESH(Comparator.comparing((AccountState state) -> state.getLastRefresh() == null
                ? Instant.MIN
                : state.getLastRefresh().at()));

        private final Comparator<AccountState> order;

        Sort(Comparator<AccountState> order) {
            this.order = order.thenComparing(AccountState::getFullName);
        }

        Comparator<AccountState> order() {
            return order;
        }

        /** As an address says it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static AccountsQuery of(@Nullable StaplerRequest2 request) {
        return request == null
                ? ALL
                : new AccountsQuery(
                        Util.fixNull(request.getParameter("filter")).strip(),
                        constant(Health.values(), request.getParameter("health")),
                        constant(Sort.values(), request.getParameter("sort")).orElse(Sort.PROBLEMS),
                        number(request.getParameter("page")));
    }

    private static <E extends Enum<E>> Optional<E> constant(E[] all, @Nullable String word) {
        return Arrays.stream(all)
                .filter(one -> one.name().equalsIgnoreCase(word))
                .findFirst();
    }

    private static Optional<Integer> number(@Nullable String text) {
        try {
            return Optional.of(Integer.parseInt(Util.fixNull(text))).filter(number -> number > 0);
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }

    boolean isFor(AccountState state) {
        String part = filter.toLowerCase(Locale.ROOT);
        return part.isEmpty()
                || has(part, state, AccountState::getFullName)
                || has(part, state, AccountState::getAccount)
                || has(part, state, AccountState::getHolder);
    }

    private static boolean has(String part, AccountState state, Function<AccountState, @Nullable String> what) {
        return Util.fixNull(what.apply(state)).toLowerCase(Locale.ROOT).contains(part);
    }

    boolean isFor(Health found) {
        return health.isEmpty() || health.get() == found;
    }

    /** The same accounts in another order, from the first page on. */
    public AccountsQuery sortedBy(String word) {
        return new AccountsQuery(filter, health, constant(Sort.values(), word).orElse(Sort.PROBLEMS), Optional.empty());
    }

    /** Those of them that do so. */
    AccountsQuery doing(Health wanted) {
        return new AccountsQuery(filter, Optional.of(wanted), sort, Optional.empty());
    }

    /** However they do. */
    public AccountsQuery doingAnything() {
        return new AccountsQuery(filter, Optional.empty(), sort, Optional.empty());
    }

    AccountsQuery onPage(int number) {
        return new AccountsQuery(filter, health, sort, Optional.of(number));
    }

    /** The address, from the page's own. */
    public String address() {
        StringBuilder address = new StringBuilder("?sort=").append(sort.word());
        if (!filter.isEmpty()) {
            address.append("&filter=").append(Util.rawEncode(filter));
        }
        health.ifPresent(wanted -> address.append("&health=").append(wanted.name()));
        page.ifPresent(number -> address.append("&page=").append(number));
        return address.toString();
    }
}
