package io.jenkins.plugins.codexauth.lease;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.AsyncPeriodicWork;
import hudson.model.Computer;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.TopLevelItem;
import hudson.model.listeners.ItemListener;
import hudson.model.listeners.RunListener;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import jenkins.model.Jenkins;

/** Where this controller keeps logins: in Jenkins itself, and in every folder. All of them share its queues. */
@Extension
public final class ControllerStores {
    private final TurnQueues queues =
            new TurnQueues(owner -> BuildOwners.get().isAlive(owner), Computer.threadPoolForRemoting);

    public static ControllerStores get() {
        return ExtensionList.lookupSingleton(ControllerStores.class);
    }

    /** Where everything of ours lies that belongs to no folder. */
    public static Path root() {
        return Jenkins.get().getRootDir().toPath().resolve("codex-auth");
    }

    /** The logins of a place. */
    public JenkinsCredentialStore store(ItemGroup<?> place) {
        if (place instanceof TopLevelItem folder) {
            return new JenkinsCredentialStore(new Place.OfFolder(folder), queues);
        }
        return new JenkinsCredentialStore(new Place.Fixed(root().resolve("accounts")), queues);
    }

    /** Frees what a build had, however it ended. */
    @Extension
    public static final class BuildEnds extends RunListener<Run<?, ?>> {
        @Override
        public void onFinalized(Run<?, ?> build) {
            get().queues.ownerEnded();
        }

        @Override
        public void onDeleted(Run<?, ?> build) {
            get().queues.ownerEnded();
        }
    }

    /** Keeps the turns of builds whose job, or whose account's folder, gets another name meanwhile. */
    @Extension
    public static final class ItemsMove extends ItemListener {
        @Override
        public void onLocationChanged(Item item, String from, String to) {
            if (item instanceof Job) {
                get().queues.ownersRenamed(owner -> BuildOwners.moved(owner, from, to));
            } else {
                get().queues.placeRenamed(from, to);
            }
        }
    }

    /** Builds end in ways that no listener hears of. */
    @Extension
    public static final class QueueCheck extends AsyncPeriodicWork {
        public QueueCheck() {
            super("Codex account queues");
        }

        @Override
        public long getRecurrencePeriod() {
            return TimeUnit.SECONDS.toMillis(15);
        }

        @Override
        protected Level getNormalLoggingLevel() {
            return Level.FINE;
        }

        @Override
        protected void execute(TaskListener listener) {
            get().queues.look();
        }
    }
}
