package io.jenkins.plugins.codexauth.lease;

import hudson.init.InitMilestone;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import jenkins.model.Jenkins;

/** Turns belong to builds, and end with them. */
public final class BuildOwners implements Owners {
    private static final String BUILD = "build:";

    /** The owner that a build is. */
    public static String of(Run<?, ?> build) {
        return BUILD + build.getExternalizableId();
    }

    /** The build that an owner is, as people read it: {@code deploy/main #41}. */
    public static String describe(String owner) {
        String build = externalId(owner);
        int number = build.lastIndexOf('#');
        return number < 0 ? build : build.substring(0, number) + " " + build.substring(number);
    }

    /** The build that an owner is, as Jenkins finds it again: {@code deploy/main#41}. */
    public static String externalId(String owner) {
        return owner.startsWith(BUILD) ? owner.substring(BUILD.length()) : owner;
    }

    @Override
    public boolean isAlive(String owner) {
        if (!owner.startsWith(BUILD)) {
            return JenkinsCredentialStore.isThisProcess(owner);
        }
        if (Jenkins.get().getInitLevel().compareTo(InitMilestone.COMPLETED) < 0) {
            // Jobs may not be loaded yet, and a build that cannot be found would be taken for one that has ended.
            return true;
        }
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            Run<?, ?> build = Run.fromExternalizableId(externalId(owner));
            return build != null && build.isBuilding();
        } catch (IllegalArgumentException notABuild) {
            return false;
        }
    }
}
