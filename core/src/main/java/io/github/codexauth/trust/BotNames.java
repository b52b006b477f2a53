package io.github.codexauth.trust;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What bots are called: their accounts, and the branches that well-known ones make under whatever account they were
 * given.
 *
 * <p>Sources: docs.github.com, "About users" ({@code [bot]}); docs.gitlab.com, "Project access tokens" and "Service
 * accounts"; the settings {@code branchPrefix} of Renovate and {@code pull-request-branch-name} of Dependabot.
 */
public final class BotNames {
    private static final Pattern ACCOUNT = Pattern.compile(
            ".*\\[bot\\]|(?:project|group)_[0-9]+_bot(?:_.*)?|service_account_.*|(?:dependabot|renovate).*"
                    + "|depfu|pyup-bot|scala-steward|snyk-bot");
    private static final Pattern BRANCH = Pattern.compile(
            "(?:refs/heads/)?(?:(dependabot)[/-].*|(renovate|depfu)/.*|(snyk)-(?:fix|upgrade)-.*|(pyup)-.*)");

    private BotNames() {}

    /** Whether an account's name tells that it is a bot's. */
    public static boolean isAccount(String account) {
        return ACCOUNT.matcher(AsciiCase.lower(account)).matches();
    }

    /** The bot that makes branches of such a name; empty if that is not known, which tells nothing. */
    public static Optional<String> ofBranch(String branch) {
        Matcher matcher = BRANCH.matcher(AsciiCase.lower(branch));
        for (int group = 1; matcher.matches() && group <= matcher.groupCount(); group++) {
            if (matcher.group(group) != null) {
                return Optional.of(matcher.group(group));
            }
        }
        return Optional.empty();
    }
}
