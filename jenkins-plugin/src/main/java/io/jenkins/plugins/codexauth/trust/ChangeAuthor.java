package io.jenkins.plugins.codexauth.trust;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.Util;
import hudson.model.Job;
import java.util.Optional;
import jenkins.branch.Branch;
import jenkins.branch.MultiBranchProject;
import jenkins.scm.api.metadata.ContributorMetadataAction;
import org.jspecify.annotations.Nullable;

/** A way in which the source of a job's change has said who wrote it. */
public abstract class ChangeAuthor implements ExtensionPoint {
    /** What the source said; null if nothing. */
    abstract @Nullable ContributorMetadataAction of(Job<?, ?> job);

    /** The author's account, as the source calls it; empty if it has not said. */
    static Optional<String> find(Job<?, ?> job) {
        return ExtensionList.lookup(ChangeAuthor.class).stream()
                .flatMap(way -> Optional.ofNullable(way.of(job)).stream())
                .flatMap(said -> Optional.ofNullable(Util.fixEmptyAndTrim(said.getContributor())).stream())
                .findFirst();
    }

    /** Noted with the job itself. */
    @Extension
    public static final class OnJob extends ChangeAuthor {
        @Override
        @Nullable
        ContributorMetadataAction of(Job<?, ?> job) {
            return job.getAction(ContributorMetadataAction.class);
        }
    }

    /** Noted with the branch of a multibranch project, a plugin that need not be there. */
    @Extension(optional = true)
    public static final class OnBranch extends ChangeAuthor {
        @Override
        @Nullable
        ContributorMetadataAction of(Job<?, ?> job) {
            return job.getParent() instanceof MultiBranchProject<?, ?> project ? on(project, job) : null;
        }

        @SuppressWarnings({"unchecked", "rawtypes"})
        private static @Nullable ContributorMetadataAction on(MultiBranchProject project, Job<?, ?> job) {
            if (!project.getProjectFactory().isProject(job)) {
                return null;
            }
            Branch branch = project.getProjectFactory().getBranch(job);
            return branch.getAction(ContributorMetadataAction.class);
        }
    }
}
