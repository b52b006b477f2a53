package io.jenkins.plugins.codexauth.agent;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.EnvVars;
import io.github.codexauth.CodexAuthException;
import io.github.codexauth.codex.InstalledCodex;
import io.github.codexauth.home.CodexConfig;
import io.github.codexauth.home.CodexHome;
import io.github.codexauth.home.ManagedRequirements;
import io.github.codexauth.home.SecretPlace;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jenkins.security.MasterToSlaveCallable;
import org.jspecify.annotations.Nullable;

/** Makes a private home on the agent, and begins to watch it. One trip through the channel. */
public final class MakeHome extends MasterToSlaveCallable<MakeHome.Made, IOException> {
    private static final long serialVersionUID = 1L;

    private final HomeOrder order;
    /** An exported object's proxy, which can be sent though the interface does not say so. */
    @SuppressFBWarnings("SE_BAD_FIELD")
    private final @Nullable LoginSink sink;

    /** @param sink told of every change; null where there is no login to keep */
    public MakeHome(HomeOrder order, @Nullable LoginSink sink) {
        this.order = order;
        this.sink = sink;
    }

    /**
     * What came of it.
     *
     * @param home the {@code CODEX_HOME}, without symbolic links; null if it could not be made
     * @param problem what stood in the way, if something did
     * @param hint what to do about that
     */
    public record Made(
            @Nullable String home,
            @Nullable String problem,
            @Nullable String hint) implements java.io.Serializable {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public Made call() throws IOException {
        if (File.separatorChar != '/') {
            return new Made(
                    null,
                    "this agent is not POSIX: nothing there keeps other users from reading the home",
                    "run the build on a Linux or macOS agent");
        }
        SessionSecrets.of(order.session()).addRevealed(order.secrets());
        Optional<InstalledCodex> codex = BlocksCodex.ask(order.path(), EnvVars.masterEnvVars);
        Path homes = Path.of(order.homes());
        sweep(homes);
        Path folder = homes.resolve(order.session());
        // From an attempt that a restart of the controller interrupted; no build has seen it.
        CodexHome.existing(folder).wipe();
        try {
            CodexConfig config = config();
            requireInForce(config, homes);
            if (codex.isPresent()) {
                codex.get().require();
            }
            CodexHome home = CodexHome.create(folder);
            boolean made = false;
            try {
                home.writeConfig(config.forHome(home.folder()));
                if (order.authJson() != null) {
                    home.restore(order.authJson());
                }
                if (sink != null) {
                    HomeWatches.start(order.session(), home, order.authJson(), sink);
                }
                made = true;
            } finally {
                if (!made) {
                    home.wipe();
                }
            }
            return new Made(home.folder().toString(), null, null);
        } catch (CodexAuthException e) {
            return new Made(null, e.problem(), e.hint());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("was told to stop while the home was made");
        }
    }

    /** The agent's administrator may have told Codex to do what would show the credential, or lose it. */
    private void requireInForce(CodexConfig config, Path homes) throws CodexAuthException {
        if (order.authJson() == null) {
            config.requireInForce(List.of(), List.of("CODEX_API_KEY", "CODEX_ACCESS_TOKEN"));
        } else {
            config.requireLoginsInFiles();
            config.requireInForce(List.of(SecretPlace.inHomesOf(homes)), List.of());
        }
    }

    private CodexConfig config() throws CodexAuthException {
        ManagedRequirements managed = ManagedRequirements.read(ManagedRequirements.FOLDER);
        return order.configToml() == null
                ? CodexConfig.standard(List.of(), managed)
                : CodexConfig.extending(order.configToml(), "the config given to withCodexAuth", List.of(), managed);
    }

    /** A session whose login stays on the controller has a second home now and then, called after the first. */
    private static String sessionOf(Path folder) {
        return String.valueOf(folder.getFileName()).split("\\.", 2)[0];
    }

    private void sweep(Path homes) {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(homes)) {
            for (Path folder : left) {
                if (!order.keep().contains(sessionOf(folder))) {
                    CodexHome.existing(folder).wipe();
                }
            }
        } catch (IOException none) {
            return;
        }
    }
}
