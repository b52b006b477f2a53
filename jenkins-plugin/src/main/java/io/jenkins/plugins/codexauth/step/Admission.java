package io.jenkins.plugins.codexauth.step;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.model.Run;
import io.github.codexauth.CodexAuth;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.CredentialId;
import io.github.codexauth.SignInMode;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.TrustDecision;
import io.github.codexauth.trust.UntrustedJobException;
import io.jenkins.plugins.codexauth.account.Accounts;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import io.jenkins.plugins.codexauth.session.BuildOnAgent;
import io.jenkins.plugins.codexauth.session.SignInFailedException;
import io.jenkins.plugins.codexauth.trust.BuildTrust;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** A build that asks for a credential: judged first, and only then is the credential looked up. */
final class Admission {
    private final Request request;
    private final BuildOnAgent site;

    Admission(Request request, BuildOnAgent site) {
        this.request = request;
        this.site = site;
    }

    /** What a build may have. */
    sealed interface Admitted {}

    /** A credential that is no file. */
    record Key(CodexAuth auth) implements Admitted {}

    /** Any one of these logins. */
    record Logins(List<CodexAccount> accounts, TrustDecision.Trusted proof) implements Admitted {}

    /**
     * Judges the build and finds what it asked for.
     *
     * @throws UntrustedJobException if it is refused; nothing was read then
     * @throws SignInFailedException if there is no such credential, or not for this build
     */
    Admitted admit() throws CodexAuthException {
        Request.Way way = request.way();
        return switch (way.kind()) {
            case API_KEY -> {
                judge(SignInMode.API_KEY, List.of(), way.value());
                yield new Key(CodexAuth.ApiKey.of(text(way)));
            }
            case ACCESS_TOKEN -> {
                judge(SignInMode.ACCESS_TOKEN, List.of(), way.value());
                yield new Key(CodexAuth.AccessToken.of(text(way)));
            }
            case WORKLOAD_IDENTITY -> {
                judge(SignInMode.WORKLOAD_IDENTITY, List.of(), way.value());
                yield new Key(workloadIdentity(way));
            }
            case LOGIN -> {
                CredentialId id = id(way);
                TrustDecision.Trusted proof = judge(SignInMode.MANAGED, List.of(id), way.value());
                yield new Logins(List.of(account(way)), proof);
            }
            case POOL -> {
                List<CodexAccount> members = Accounts.inPool(site.build(), way.value());
                TrustDecision.Trusted proof = judge(
                        SignInMode.MANAGED,
                        members.stream().map(CodexAccount::id).toList(),
                        way.value());
                if (members.isEmpty()) {
                    throw new SignInFailedException(
                            "there is no Codex account in pool '" + way.value() + "' that this build may use",
                            "make credentials of the kind 'Codex account (auth.json)' with the ids " + way.value()
                                    + ".1, " + way.value() + ".2, …");
                }
                yield new Logins(members, proof);
            }
        };
    }

    /** As {@link #admit}, for a build that asked for a login. */
    Logins admitLogins() throws CodexAuthException {
        if (admit() instanceof Logins logins) {
            return logins;
        }
        throw new IllegalStateException("the request is for a key");
    }

    /** Remembers, for the credential's page, that this build used it. */
    void track(CodexAccount account) {
        CredentialsProvider.track(site.build(), account.credential());
    }

    private TrustDecision.Trusted judge(SignInMode mode, List<CredentialId> ids, String credential)
            throws UntrustedJobException {
        TrustDecision decision =
                BuildTrust.judge(site.build(), site.node(), new CredentialRequest(mode, ids), credential);
        if (decision instanceof TrustDecision.Refused refused) {
            throw new UntrustedJobException(refused);
        }
        return (TrustDecision.Trusted) decision;
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
        Optional<CodexAccount> account = Accounts.find(site.build(), way.value());
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
        CredentialsProvider.track(site.build(), found);
        return found.getSecret().getPlainText();
    }

    private <C extends StandardCredentials> C find(Request.Way way, Class<C> type) {
        Run<?, ?> build = site.build();
        return CredentialsProvider.findCredentialById(way.value(), type, build, List.of());
    }

    private SignInFailedException missing(Request.Way way, String wanted) {
        StandardCredentials other = find(way, StandardCredentials.class);
        if (other != null) {
            return new SignInFailedException(
                    "credential '" + way.value() + "' is '"
                            + other.getDescriptor().getDisplayName() + "' where '" + wanted + "' was expected",
                    "give " + way.kind().option() + " a credential of that kind, or use the option that fits this one");
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
