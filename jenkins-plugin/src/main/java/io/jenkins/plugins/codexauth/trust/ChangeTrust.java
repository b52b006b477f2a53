package io.jenkins.plugins.codexauth.trust;

import hudson.model.Job;
import hudson.model.Run;
import hudson.util.LogTaskListener;
import io.github.codexauth.OneLine;
import io.github.codexauth.trust.BotNames;
import io.github.codexauth.trust.Bots;
import io.github.codexauth.trust.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMHeadOrigin;
import jenkins.scm.api.SCMRevision;
import jenkins.scm.api.SCMRevisionAction;
import jenkins.scm.api.SCMSource;
import jenkins.scm.api.SCMSourceOwner;
import jenkins.scm.api.mixin.ChangeRequestSCMHead;
import jenkins.scm.api.mixin.ChangeRequestSCMHead2;
import org.jspecify.annotations.Nullable;

/**
 * Whether the change that a job builds comes from somebody whom the job's source trusts.
 *
 * <p>Only jobs that a branch source made have such a change. What another job builds was chosen by whoever configured
 * it.
 */
final class ChangeTrust {
    private static final Logger LOGGER = Logger.getLogger(ChangeTrust.class.getName());
    private static final String ALLOWED_BOTS = "Manage Jenkins > Security > Codex credentials > Allowed bots";
    private static final String SCAN = "scan the multibranch project again, then build the branch anew";

    private final Job<?, ?> job;
    private final @Nullable SCMSource source;
    private final @Nullable SCMHead head;

    ChangeTrust(Job<?, ?> job) {
        this.job = job;
        this.source = SCMSource.SourceByItem.findSource(job);
        this.head = SCMHead.HeadByItem.findHead(job);
    }

    /** Whether a branch source made the job. */
    boolean isAsked() {
        return source != null || head != null || job.getParent() instanceof SCMSourceOwner;
    }

    /** What speaks against the branch or change request, whatever its revision is. */
    Optional<Refusal> head() {
        if (!isAsked()) {
            return Optional.empty();
        }
        if (source == null || head == null) {
            return Optional.of(new Refusal(
                    "the job belongs to a branch source, and which branch or change request it builds is not known",
                    SCAN + "; if the branch is gone, so should the job be"));
        }
        SCMHeadOrigin origin = head.getOrigin();
        if (SCMHeadOrigin.DEFAULT.equals(origin)) {
            return Optional.empty();
        }
        String from = origin instanceof SCMHeadOrigin.Fork fork
                ? "the fork '" + OneLine.of(fork.getName()) + "'"
                : "'" + OneLine.of(String.valueOf(origin)) + "' and not from the repository itself";
        return Optional.of(
                new Refusal(
                        name(head) + " comes from " + from,
                        "review the change, and push it to a branch of the repository itself; a fork's change gets no credential"));
    }

    /**
     * What speaks against whoever wrote the change. A bot's is not the repository's own, also on a branch of its; a
     * branch that a person merged a bot's change into is that person's.
     *
     * @param allowed the bots whose changes are welcome; {@code *} for whoever it is
     */
    Optional<Refusal> author(List<String> allowed) {
        if (head == null || allowed.contains("*")) {
            return Optional.empty();
        }
        Optional<String> author = ChangeAuthor.find(job);
        if (author.isEmpty() && head instanceof ChangeRequestSCMHead) {
            return Optional.of(new Refusal(
                    "who wrote " + name(head) + " is not known, so it may be a bot",
                    SCAN + "; a source that never says so needs " + ALLOWED_BOTS + " to be *"));
        }
        Bots bots = new Bots(Stream.of(
                        author.filter(BotNames::isAccount),
                        BotNames.ofBranch(head.getName()),
                        origin(head).flatMap(BotNames::ofBranch))
                .flatMap(Optional::stream)
                .distinct()
                .toList());
        return bots.areAllAmong(allowed)
                ? Optional.empty()
                : Optional.of(new Refusal(
                        name(head) + " is the change of a bot: " + OneLine.of(bots.toString()),
                        "let a person of the repository review and merge it first; or, if what this bot brings may run with a"
                                + " credential, add it to " + ALLOWED_BOTS));
    }

    private static Optional<String> origin(SCMHead head) {
        return head instanceof ChangeRequestSCMHead2 request
                ? Optional.ofNullable(request.getOriginName())
                : Optional.empty();
    }

    /** What speaks against the revision that a build is of. */
    Optional<Refusal> revision(Run<?, ?> build) {
        if (source == null || head == null) {
            // Either nothing is to be asked, or head() has said it.
            return Optional.empty();
        }
        SCMRevision revision = SCMRevisionAction.getRevision(source, build);
        if (revision == null) {
            return Optional.of(new Refusal("which revision of " + name(head) + " this build is of is not known", SCAN));
        }
        try {
            SCMRevision trusted = source.getTrustedRevision(revision, new LogTaskListener(LOGGER, Level.FINE));
            return revision.equals(trusted)
                    ? Optional.empty()
                    : Optional.of(
                            new Refusal(
                                    "revision " + OneLine.of(revision.toString()) + " of " + name(head)
                                            + " is not trusted by its source, which trusts "
                                            + OneLine.of(trusted.toString()),
                                    "review the change, and let a person with write access push it to a branch of the repository itself"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(unanswered("interrupted"));
        } catch (IOException | RuntimeException e) {
            LOGGER.log(
                    Level.WARNING, e, () -> "the source of " + build + " does not say whether its revision is trusted");
            return Optional.of(unanswered(e.getClass().getSimpleName()));
        }
    }

    private Refusal unanswered(String why) {
        return new Refusal(
                "whether the source trusts the revision is not known (" + why + ")",
                "look into Jenkins' log and mend the connection to the source, then build again");
    }

    private static String name(SCMHead head) {
        return "'" + OneLine.of(head.getName()) + "'";
    }
}
