package io.github.codexauth.runner.oidc;

import io.github.codexauth.files.PrivateFiles;
import io.github.codexauth.runner.platform.TokenTerms;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.trust.Refusal;
import io.github.codexauth.trust.Signature;
import io.github.codexauth.trust.TrustDecision;
import io.github.codexauth.trust.UntrustedJobException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The one-time tokens that were used already. They lie beside the credentials that they opened, since a job that names
 * another place for one names another place for both. A token is remembered for longer than it can be used, and not for
 * ever.
 */
public final class UsedTokens {
    /** Far beyond {@link TokenTerms#maximumAge} of a token that counts once, and what clocks may differ by. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final Path folder;
    private final Clock clock;

    public UsedTokens(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /**
     * Uses up the tokens that count once, so that nobody else can come with them.
     *
     * @throws UntrustedJobException if somebody did already
     * @throws StoreUnavailableException if nobody could be told that they were used
     */
    public void useUp(List<Signature> signatures) throws UntrustedJobException, StoreUnavailableException {
        try {
            for (Signature signature : signatures) {
                if (!use(signature)) {
                    throw new UntrustedJobException(new TrustDecision.Refused(List.of(new Refusal(
                            "the signed token was used before",
                            "use the token that the CI system gives to this very job"))));
                }
            }
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    "cannot write down in the store that a signed token was used",
                    "look at it with: codex-auth doctor");
        }
    }

    /**
     * Uses a token up.
     *
     * @return whether it may count: it was not used before, or counts as often as it comes
     * @throws IOException if nobody could be told that it was used
     */
    boolean use(Signature signature) throws IOException {
        if (signature.oneTimeToken().isEmpty()) {
            return true;
        }
        PrivateFiles.createFolder(folder);
        forgetOld();
        Path token = folder.resolve(signature.oneTimeToken().get());
        try {
            Files.createFile(token, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException used) {
            return false;
        }
        Files.setLastModifiedTime(token, FileTime.from(clock.instant()));
        return true;
    }

    private void forgetOld() throws IOException {
        Instant old = clock.instant().minus(REMEMBERED);
        List<Path> tokens;
        try (Stream<Path> files = Files.list(folder)) {
            tokens = files.toList();
        }
        for (Path token : tokens) {
            try {
                if (Files.getLastModifiedTime(token).toInstant().isBefore(old)) {
                    Files.delete(token);
                }
            } catch (NoSuchFileException forgottenByAnotherJob) {
                continue;
            }
        }
    }
}
