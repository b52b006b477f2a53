package io.jenkins.plugins.codexauth.step;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.github.codexauth.CodexAuth;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.TrustDecision;
import io.github.codexauth.trust.UntrustedJobException;
import io.jenkins.plugins.codexauth.account.AccountStates;
import io.jenkins.plugins.codexauth.account.Accounts;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.account.CodexAccountCredentials;
import io.jenkins.plugins.codexauth.session.BuildLog;
import io.jenkins.plugins.codexauth.session.SignInFailedException;
import io.jenkins.plugins.codexauth.trust.BuildTrust;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** A build that asks for a credential: judged first, and only then is the credential looked up. */
final class Admission {
    private final Request request;
    private final Run<?, ?> build;

    Admission(Request request, Run<?, ?> build) {
        this.request = request;
        this.build = build;
    }

    /** What a build may have. */
    sealed interface Admitted {}

    /** A credential that is no file. */
    record Key(CodexAuth auth) implements Admitted {}

    /** Any one of these logins. */
    record Logins(List<CodexAccount> accounts, TrustDecision.Trusted proof) implements Admitted {}

    /**
     * Judges the build on an agent and finds what it asked for.
     *
     * @throws UntrustedJobException if it is refused; nothing was read then
     * @throws SignInFailedException if there is no such credential, or not for this build
     */
    Admitted admit(Node agent) throws CodexAuthException {
        Request.Way way = request.way();
        return switch (way.kind()) {
            case API_KEY -> {
                judge(agent, List.of());
                yield new Key(CodexAuth.ApiKey.of(text(way)));
            }
            case ACCESS_TOKEN -> {
                judge(agent, List.of());
                yield new Key(CodexAuth.AccessToken.of(text(way)));
            }
            case WORKLOAD_IDENTITY -> {
                judge(agent, List.of());
                yield new Key(workloadIdentity(way));
            }
            case LOGIN -> {
                TrustDecision.Trusted proof = judge(agent, List.of(id(way)));
                yield new Logins(ofUse(List.of(account(way)), way), proof);
            }
            case POOL -> {
                List<CodexAccount> members = Accounts.inPool(build, way.value());
                TrustDecision.Trusted proof = judge(agent, ids(members));
                yield new Logins(ofUse(requireAny(members, way), way), proof);
            }
        };
    }

    /**
     * Looks whether a build that has no agent yet would get what it asks for, so that it does not wait in vain. That it
     * would is no permission: {@link #admit} decides, on the agent.
     *
     * @return the accounts of which it may wait for one; none if it asks for a key, for which nobody has to wait
     * @throws UntrustedJobException if it would be refused on every agent; nothing was read then
     * @throws SignInFailedException if there is no such account, or not for this build
     */
    List<CodexAccount> foresee() throws CodexAuthException {
        Request.Way way = request.way();
        return switch (way.kind()) {
            case API_KEY, ACCESS_TOKEN, WORKLOAD_IDENTITY -> {
                refuseEarly(List.of());
                yield List.of();
            }
            case LOGIN -> {
                refuseEarly(List.of(id(way)));
                yield ofUse(List.of(account(way)), way);
            }
            case POOL -> {
                List<CodexAccount> members = Accounts.inPool(build, way.value());
                refuseEarly(ids(members));
                yield ofUse(requireAny(members, way), way);
            }
        };
    }

    /** As {@link #admit}, for a build that asked for a login. */
    Logins admitLogins(Node agent) throws CodexAuthException {
        if (admit(agent) instanceof Logins logins) {
            return logins;
        }
        throw new IllegalStateException("the request is for a key");
    }

    /**
     * A pool without the logins that would only end the build, of which the log is told. One that is asked for by its
     * own id fails when its turn comes, with its own reason.
     *
     * @throws SignInFailedException if no login of the pool is of use
     */
    List<CodexAccount> usable(List<CodexAccount> accounts, TaskListener log) throws SignInFailedException {
        Request.Way way = request.way();
        if (way.kind() != Request.Kind.POOL) {
            return accounts;
        }
        Map<Boolean, List<CodexAccount>> byUse =
                AccountStates.of(accounts, Clock.systemUTC().instant()).entrySet().stream()
                        .collect(Collectors.partitioningBy(
                                found -> !found.getValue().isUnusable(),
                                Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        List<CodexAccount> usable = byUse.getOrDefault(true, List.of());
        String others = byUse.getOrDefault(false, List.of()).stream()
                .map(account -> "'" + account.fullName() + "'")
                .collect(Collectors.joining(", "));
        if (usable.isEmpty()) {
            throw new SignInFailedException(
                    "every login of pool '" + way.value() + "' needs a new one: " + others,
                    "log in with 'codex login' on your own machine, once for each, and paste the new auth.json files"
                            + " into these credentials");
        }
        if (!others.isEmpty()) {
            BuildLog.warn(log, "passed over " + others + " of the pool, which need a new login");
        }
        return usable;
    }

    /** Remembers, for the credential's page, that this build used it. */
    void track(CodexAccount account) {
        CredentialsProvider.track(build, account.credential());
    }

    private TrustDecision.Trusted judge(Node agent, List<CredentialId> ids) throws CodexAuthException {
        Request.Way way = request.way();
        TrustDecision decision = BuildTrust.judge(build, agent, asked(way, ids), way.value());
        if (decision instanceof TrustDecision.Refused refused) {
            throw new UntrustedJobException(refused);
        }
        return (TrustDecision.Trusted) decision;
    }

    private void refuseEarly(List<CredentialId> ids) throws CodexAuthException {
        Request.Way way = request.way();
        Optional<TrustDecision.Refused> refused = BuildTrust.refuseEarly(build, asked(way, ids), way.value());
        if (refused.isPresent()) {
            throw new UntrustedJobException(refused.get());
        }
    }

    private static CredentialRequest asked(Request.Way way, List<CredentialId> ids) {
        return new CredentialRequest(way.kind().mode(), ids);
    }

    private static List<CredentialId> ids(List<CodexAccount> accounts) {
        return accounts.stream().map(CodexAccount::id).toList();
    }

    private static List<CodexAccount> requireAny(List<CodexAccount> members, Request.Way way)
            throws SignInFailedException {
        if (members.isEmpty()) {
            throw new SignInFailedException(
                    "there is no Codex account in pool '" + way.value() + "' that this build may use",
                    "make credentials of the kind 'Codex account (auth.json)' with the ids " + way.value() + ".1, "
                            + way.value() + ".2, …");
        }
        return members;
    }

    /** Of these the ones that several builds may have at once, if that was asked for. */
    private List<CodexAccount> ofUse(List<CodexAccount> accounts, Request.Way way) throws SignInFailedException {
        if (!request.shared()) {
            return accounts;
        }
        List<CodexAccount> shareable = accounts.stream()
                .filter(account -> account.credential().isShared())
                .toList();
        if (shareable.isEmpty()) {
            throw new SignInFailedException(
                    (way.kind() == Request.Kind.POOL ? "no login of pool '" : "credential '") + way.value()
                            + "' may be used by several builds at once",
                    "leave shared: true out, so that builds take turns; or have whoever owns the login tick 'Several builds at"
                            + " once' in its credential");
        }
        return shareable;
    }

    private static CredentialId id(Request.Way way) throws SignInFailedException {
        try {
            return new CredentialId(way.value());
        } catch (IllegalArgumentException e) {
            throw new SignInFailedException(
                    String.valueOf(e.getMessage()),
                    "give the id of a credential of the kind 'Codex account (auth.json)'");
        }
    }

    private CodexAccount account(Request.Way way) throws SignInFailedException {
        Optional<CodexAccount> account = Accounts.find(build, way.value());
        if (account.isEmpty()) {
            throw missing(way, "Codex account (auth.json)");
        }
        return account.get();
    }

    private String text(Request.Way way) throws SignInFailedException {
        StringCredentials found = find(way, StringCredentials.class);
        if (found == null) {
            throw missing(way, "Secret text");
        }
        CredentialsProvider.track(build, found);
        return found.getSecret().getPlainText();
    }

    private <C extends StandardCredentials> C find(Request.Way way, Class<C> type) {
        return CredentialsProvider.findCredentialById(way.value(), type, build, List.of());
    }

    private SignInFailedException missing(Request.Way way, String wanted) {
        StandardCredentials other = find(way, StandardCredentials.class);
        if (other != null) {
            return new SignInFailedException(
                    "credential '" + way.value() + "' is '"
                            + other.getDescriptor().getDisplayName() + "' where '" + wanted + "' was expected",
                    "give " + way.kind().option() + " a credential of that kind, or use "
                            + (other instanceof CodexAccountCredentials
                                    ? "this one by withCodexAuth(authJson: '" + way.value() + "')"
                                    : "the option that fits this one"));
        }
        return new SignInFailedException(
                "there is no credential '" + way.value() + "' of the kind '" + wanted + "' that this build may use",
                "look at the credentials of Jenkins and of the job's folders; a credential with scope System is for no build, and a"
                        + " build that runs as a user needs that user's permission");
    }

    private CodexAuth workloadIdentity(Request.Way way) throws SignInFailedException {
        String file = request.identityTokenFile()
                .orElseThrow(() -> new SignInFailedException(
                        "workload identity needs the federation rule and the identity token file, and the file is missing",
                        "add identityTokenFile: '/absolute/path' to withCodexAuth"));
        if (!file.startsWith("/")) {
            throw new SignInFailedException(
                    "identityTokenFile is not an absolute path", "write where the file is on the agent: '/var/run/…'");
        }
        return new CodexAuth.WorkloadIdentity(way.value(), Path.of(file));
    }
}
