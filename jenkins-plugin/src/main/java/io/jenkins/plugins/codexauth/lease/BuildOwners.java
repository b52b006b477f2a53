package io.jenkins.plugins.codexauth.lease;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jenkins.model.Jenkins;
import org.jspecify.annotations.Nullable;

/**
 * Turns belong to builds, and end with them. An owner has the name of its build's job, which can change while the build
 * runs, when somebody moves or renames the job or a folder above it: {@link #moved}.
 *
 * <p>Safe for use by several threads.
 */
@Extension
public final class BuildOwners implements Owners {
    private static final String BUILD = "build:";

    /**
     * Builds that ran when they were last looked for. One of these that is not found by its name is being moved, and
     * its turn must not be given to another meanwhile.
     */
    private final Map<String, Run<?, ?>> running = new ConcurrentHashMap<>();

    public static BuildOwners get() {
        return ExtensionList.lookupSingleton(BuildOwners.class);
    }

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

    /**
     * The name of an owner after its job was moved or renamed; the same for every other owner.
     *
     * @param from the full name that the job had
     * @param to the one that it has
     */
    public static String moved(String owner, String from, String to) {
        String builds = BUILD + from + "#";
        return owner.startsWith(builds) ? BUILD + to + "#" + owner.substring(builds.length()) : owner;
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
        Run<?, ?> found = find(owner);
        Run<?, ?> build = found == null ? running.get(owner) : found;
        if (build == null || !build.isBuilding()) {
            running.remove(owner);
            return false;
        }
        running.put(owner, build);
        return true;
    }

    private static @Nullable Run<?, ?> find(String owner) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            return Run.fromExternalizableId(externalId(owner));
        } catch (IllegalArgumentException notABuild) {
            return null;
        }
    }
}
