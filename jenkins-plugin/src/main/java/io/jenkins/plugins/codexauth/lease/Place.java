package io.jenkins.plugins.codexauth.lease;

import hudson.model.TopLevelItem;
import java.nio.file.Path;

/** What has accounts: Jenkins itself, or a folder, which can move while builds have its logins. */
public interface Place {
    /** Its full name now; empty for Jenkins itself. */
    String fullName();

    /** The directory of its logins, now. */
    Path root();

    /** What to call it in messages. */
    default String address() {
        return fullName().isEmpty() ? "Jenkins" : "folder " + fullName();
    }

    /** A folder. */
    record OfFolder(TopLevelItem folder) implements Place {
        @Override
        public String fullName() {
            return folder.getFullName();
        }

        @Override
        public Path root() {
            return folder.getRootDir().toPath().resolve("codex-auth");
        }
    }

    /** What never moves. */
    record Fixed(Path root) implements Place {
        @Override
        public String fullName() {
            return "";
        }
    }
}
