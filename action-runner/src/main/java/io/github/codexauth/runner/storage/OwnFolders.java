package io.github.codexauth.runner.storage;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.files.PathOwnership;
import io.github.codexauth.files.PathOwnership.Foreign;
import io.github.codexauth.home.HomeException;
import io.github.codexauth.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Requires that the folders in which logins lie are ours all the way up to the root: whoever rules a folder above one
 * can put another in its place, with a config.toml that sends the login elsewhere.
 *
 * <p>Not in our image, where volumes belong to whoever mounts them, and no other user lives.
 */
public final class OwnFolders {
    /** Set by the image's entrypoint. */
    private static final String IN_IMAGE = "CODEX_AUTH_IMAGE";

    private final boolean inImage;

    private OwnFolders(boolean inImage) {
        this.inImage = inImage;
    }

    /** The rules for a process with these variables. */
    public static OwnFolders of(Map<String, String> environment) {
        return new OwnFolders(environment.containsKey(IN_IMAGE));
    }

    /** Whether this is our image. */
    public boolean inImage() {
        return inImage;
    }

    /** @throws StoreUnavailableException if others could put another store in this one's place */
    void requireStore(Path folder) throws StoreUnavailableException {
        require(
                folder,
                "could put another store in the place of " + folder,
                "--store file:FOLDER",
                StoreUnavailableException::new);
    }

    /** @throws StoreUnavailableException if others could put rescue copies of their own there */
    void requireRescue(Path folder) throws StoreUnavailableException {
        require(
                folder,
                "could put logins of their own into " + folder,
                "XDG_STATE_HOME=FOLDER",
                StoreUnavailableException::new);
    }

    /** @throws HomeException if others could put another home in the place of one that is made there */
    void requireHomes(Path folder) throws HomeException {
        require(folder, "could change the settings of Codex in " + folder, "--homes FOLDER", HomeException::new);
    }

    /** @throws HomeException if others could put another home in the place of one that is made there */
    public void requireScratchHomes(Path folder) throws HomeException {
        require(folder, "could change the settings of Codex in " + folder, "XDG_STATE_HOME=FOLDER", HomeException::new);
    }

    /** How a failure is called. */
    private interface Failure<E extends CodexAuthException> {
        E of(String problem, String hint);
    }

    private <E extends CodexAuthException> void require(Path folder, String deed, String option, Failure<E> failure)
            throws E {
        if (inImage) {
            return;
        }
        Optional<Foreign> foreign;
        try {
            foreign = PathOwnership.ofCurrentUser().onTheWayTo(folder);
        } catch (IOException | UnsupportedOperationException e) {
            throw failure.of("cannot tell who rules the folders above " + folder, "choose a local disk: " + option);
        }
        if (foreign.isPresent()) {
            throw failure.of(
                    foreign.get().problem() + ": others " + deed,
                    foreign.get().hint() + "; or choose a place that only root and you rule: " + option);
        }
    }
}
