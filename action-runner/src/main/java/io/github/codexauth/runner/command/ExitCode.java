package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.InvalidCredentialException;
import io.github.codexauth.home.HomeException;
import io.github.codexauth.login.LoginNeededException;
import io.github.codexauth.login.NoSuchCredentialException;
import io.github.codexauth.runner.input.UsageException;
import io.github.codexauth.runner.job.EndedBySignalException;
import io.github.codexauth.runner.job.LoginUnusableException;
import io.github.codexauth.runner.job.NotStoredException;
import io.github.codexauth.runner.process.CommandNotExecutableException;
import io.github.codexauth.runner.process.CommandNotFoundException;
import io.github.codexauth.store.CredentialBusyException;
import io.github.codexauth.store.LeaseGoneException;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.trust.UntrustedJobException;
import java.util.Map;

/** What this command's own exit codes mean; sysexits.h where it has the case. */
final class ExitCode {
    static final int OK = 0;
    static final int INTERNAL = 70;
    static final int CONFIGURATION = 78;

    private static final Map<Class<? extends CodexAuthException>, Integer> BY_KIND = Map.ofEntries(
            Map.entry(UsageException.class, 64),
            Map.entry(InvalidAuthJsonException.class, 65),
            Map.entry(InvalidCredentialException.class, 65),
            Map.entry(LoginNeededException.class, 65),
            Map.entry(NoSuchCredentialException.class, 66),
            Map.entry(HomeException.class, 73),
            Map.entry(NotStoredException.class, 74),
            Map.entry(CredentialBusyException.class, 75),
            Map.entry(LeaseGoneException.class, 75),
            Map.entry(UntrustedJobException.class, 77),
            Map.entry(CommandNotExecutableException.class, 126),
            Map.entry(CommandNotFoundException.class, 127));

    private ExitCode() {}

    /** The code for a failure. What is not listed is something wrong with policy, keys or settings. */
    static int of(CodexAuthException failure) {
        if (failure instanceof EndedBySignalException ended) {
            return ended.exitCode();
        }
        if (failure instanceof LoginUnusableException hindered) {
            return switch (hindered.hindrance()) {
                case UNREACHABLE -> 69;
                case SETTINGS -> CONFIGURATION;
                case UNKNOWN -> 65;
            };
        }
        Integer code = BY_KIND.get(failure.getClass());
        if (code != null) {
            return code;
        }
        return failure instanceof StoreException ? 69 : CONFIGURATION;
    }
}
