package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.InvalidCredentialException;
import io.github.codexauth.UsageException;
import io.github.codexauth.home.HomeException;
import io.github.codexauth.login.LoginNeededException;
import io.github.codexauth.login.NoSuchCredentialException;
import io.github.codexauth.runner.codex.NotSignedInException;
import io.github.codexauth.runner.job.EndedBySignalException;
import io.github.codexauth.runner.job.LoginUnusableException;
import io.github.codexauth.runner.job.NotStoredException;
import io.github.codexauth.runner.process.CommandNotExecutableException;
import io.github.codexauth.runner.process.CommandNotFoundException;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.LeaseGoneException;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.trust.UntrustedJobException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What this command's own exit codes mean, and which failures end with them; sysexits.h where it has the case. */
enum ExitCode {
    OK(0, "done; run: the job ended with 0"),
    USAGE(64, "the command line or a variable makes no sense", UsageException.class),
    UNUSABLE(
            65,
            "unusable auth.json, key or token; or the login needs a new one",
            InvalidAuthJsonException.class,
            InvalidCredentialException.class,
            LoginNeededException.class,
            NotSignedInException.class),
    NO_SUCH_CREDENTIAL(66, "no such credential in the store", NoSuchCredentialException.class),
    UNAVAILABLE(69, "the store is missing, unreachable, read-only or damaged; or OpenAI is unreachable"),
    BUG(70, "a bug in codex-auth"),
    NO_HOME(73, "no private CODEX_HOME could be made", HomeException.class),
    NOT_STORED(74, "the refreshed login could not be stored; a copy is kept", NotStoredException.class),
    BUSY(75, "somebody else has the credential", CredentialBusyException.class, LeaseGoneException.class),
    REFUSED(77, "refused: the job is not trusted", UntrustedJobException.class),
    CONFIGURATION(78, "a wrong policy, age key, config.toml or other setting of Codex"),
    NOT_EXECUTABLE(126, "run: the command is not executable", CommandNotExecutableException.class),
    NOT_FOUND(127, "run: command not found", CommandNotFoundException.class),
    SIGNAL(128, "128+n: a signal ended it; run: every other code is the job's own");

    private final int number;
    private final String sentence;
    private final List<Class<? extends CodexAuthException>> failures;

    /** @param failures exactly these end with it, and none derived from them */
    @SafeVarargs
    ExitCode(int number, String sentence, Class<? extends CodexAuthException>... failures) {
        this.number = number;
        this.sentence = sentence;
        this.failures = List.of(failures);
    }

    int number() {
        return number;
    }

    /** The number for a failure. */
    static int of(CodexAuthException failure) {
        if (failure instanceof EndedBySignalException ended) {
            return ended.exitCode();
        }
        return meaning(failure).number;
    }

    private static ExitCode meaning(CodexAuthException failure) {
        if (failure instanceof LoginUnusableException hindered) {
            return switch (hindered.hindrance()) {
                case UNREACHABLE -> UNAVAILABLE;
                case SETTINGS -> CONFIGURATION;
                case UNKNOWN -> UNUSABLE;
            };
        }
        for (ExitCode code : values()) {
            if (code.failures.contains(failure.getClass())) {
                return code;
            }
        }
        // What is not listed is something wrong with the store, else with policy, keys or settings.
        return failure instanceof StoreException ? UNAVAILABLE : CONFIGURATION;
    }

    /** All of them, as help shows them. */
    static Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        for (ExitCode code : values()) {
            all.put(String.valueOf(code.number), code.sentence);
        }
        return all;
    }
}
