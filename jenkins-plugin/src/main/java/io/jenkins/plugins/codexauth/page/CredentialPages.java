package io.jenkins.plugins.codexauth.page;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.CredentialsStoreAction;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.Util;
import hudson.model.Fingerprint;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.codexauth.account.CodexAccount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.jspecify.annotations.Nullable;

/** What the credentials plugin knows of an account's credential. */
final class CredentialPages {
    private static final Logger LOGGER = Logger.getLogger(CredentialPages.class.getName());

    private CredentialPages() {}

    /** The credential's own page, from Jenkins' root; null if its store has no pages. */
    static @Nullable String url(CodexAccount account) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            ItemGroup<?> place = account.place().isEmpty()
                    ? Jenkins.get()
                    : (ItemGroup<?>) Jenkins.get().getItemByFullName(account.place());
            if (place == null) {
                return null;
            }
            for (CredentialsStore store : CredentialsProvider.lookupStores(place)) {
                CredentialsStoreAction action = store.getStoreAction();
                if (store.getContext() == place && action != null) {
                    for (Domain domain : store.getDomains()) {
                        if (store.getCredentials(domain).contains(account.credential())) {
                            String name = domain.getName();
                            return (place instanceof Item folder ? folder.getUrl() : "") + "credentials/store/"
                                    + action.getUrlName() + "/domain/"
                                    + (name == null ? "_" : Util.rawEncode(name)) + "/credential/"
                                    + Util.rawEncode(account.id().value());
                        }
                    }
                }
            }
        }
        return null;
    }

    /** The last builds of each job that used an account, such as {@code deploy/main #41}. */
    static List<String> lastUses(CodexAccount account) {
        List<String> uses = new ArrayList<>();
        try {
            Fingerprint fingerprint = CredentialsProvider.getFingerprintOf(account.credential());
            if (fingerprint != null) {
                for (String job : fingerprint.getJobs()) {
                    Fingerprint.RangeSet builds = fingerprint.getRangeSet(job);
                    if (!builds.isEmpty()) {
                        uses.add(job + " #" + (builds.max() - 1));
                    }
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "cannot tell who used " + account.fullName());
        }
        uses.sort(null);
        return uses;
    }
}
