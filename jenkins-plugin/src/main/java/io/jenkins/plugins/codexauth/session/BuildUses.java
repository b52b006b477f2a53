package io.jenkins.plugins.codexauth.session;

import hudson.model.InvisibleAction;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.github.codexauth.store.Envelope;
import io.jenkins.plugins.codexauth.lease.BuildOwners;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jenkins.model.RunAction2;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** What a build used, in the summary on its page and in its API. Holds no secret. */
@ExportedBean(defaultVisibility = 2)
public final class BuildUses extends InvisibleAction implements RunAction2 {
    private final List<Use> uses = new ArrayList<>();
    private transient @Nullable Run<?, ?> build;

    /** One session of the build. */
    @ExportedBean(defaultVisibility = 3)
    public static final class Use {
        private final String session;
        private final String mode;
        private final String node;
        private final @Nullable String credential;
        private final @Nullable String account;
        private long generation;
        private boolean refreshed;
        private boolean ended;

        Use(SessionRecord record, Optional<Envelope> stored) {
            this.session = record.session();
            this.mode = record.mode();
            this.node = record.node();
            this.credential = record.credential();
            this.account = stored.map(Envelope::account).orElse(null);
            this.generation = stored.map(Envelope::generation).orElse(0L);
        }

        /** How it signed in, as people know it. */
        @Exported
        public String getMode() {
            return mode;
        }

        /** The agent's name; empty for the built-in node. */
        public String getNode() {
            return node;
        }

        /** What to call the agent. */
        @Exported
        public String getAgent() {
            return BuildOnAgent.nameOf(node);
        }

        /** The id of the login; null for a key or token. */
        @Exported
        public @Nullable String getCredential() {
            return credential;
        }

        /** The account's fingerprint; null for a key or token. */
        @Exported
        public @Nullable String getAccount() {
            return account;
        }

        /** The newest stored generation that it knows; 0 for a key or token. */
        @Exported
        public long getGeneration() {
            return generation;
        }

        /** Whether Codex refreshed the login. */
        @Exported
        public boolean isRefreshed() {
            return refreshed;
        }

        /** Whether the session is over. */
        @Exported
        public boolean isEnded() {
            return ended;
        }
    }

    /** In the order in which they began. */
    @Exported
    public synchronized List<Use> getUses() {
        return List.copyOf(uses);
    }

    @Override
    public void onAttached(Run<?, ?> run) {
        build = run;
    }

    @Override
    public void onLoad(Run<?, ?> run) {
        build = run;
    }

    /** The build whose page it is. */
    public @Nullable Run<?, ?> getBuild() {
        return build;
    }

    /** @return whether it is the build's first session on that agent */
    static boolean began(Run<?, ?> build, SessionRecord record, Optional<Envelope> stored) {
        BuildUses of = of(build);
        synchronized (of) {
            boolean first = of.uses.stream().noneMatch(use -> use.node.equals(record.node()));
            of.uses.add(new Use(record, stored));
            return first;
        }
    }

    static void ended(SessionRecord record, boolean refreshed, Optional<Envelope> stored) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            Run<?, ?> build = Run.fromExternalizableId(BuildOwners.externalId(record.owner()));
            BuildUses of = build == null ? null : build.getAction(BuildUses.class);
            if (of != null) {
                of.end(record.session(), refreshed, stored);
            }
        }
    }

    private synchronized void end(String session, boolean refreshed, Optional<Envelope> stored) {
        for (Use use : uses) {
            if (use.session.equals(session)) {
                use.refreshed = refreshed;
                use.generation = stored.map(Envelope::generation).orElse(use.generation);
                use.ended = true;
            }
        }
    }

    private static BuildUses of(Run<?, ?> build) {
        BuildUses found = build.getAction(BuildUses.class);
        if (found == null) {
            found = new BuildUses();
            build.addAction(found);
        }
        return found;
    }
}
