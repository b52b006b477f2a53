package io.jenkins.plugins.codexauth.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.ModelObject;
import hudson.security.Permission;
import io.jenkins.plugins.codexauth.page.ExampleAccounts;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import jenkins.model.Jenkins;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.springframework.security.core.Authentication;

/** What a controller with many accounts has to do for one build. Counted, since a time depends on the machine. */
@WithJenkins
class AccountsTest {
    private static final AtomicInteger LOOKUPS = new AtomicInteger();
    private static final AtomicInteger STORE_READS = new AtomicInteger();

    private static boolean isThere;
    private static FreeStyleBuild build;

    @BeforeAll
    static void accounts(JenkinsRule rule) throws Exception {
        Folder team = rule.createProject(Folder.class, "team");
        build = rule.buildAndAssertSuccess(team.createProject(FreeStyleProject.class, "deploy"));
        for (int i = 1; i <= 20; i++) {
            ExampleAccounts.pasted(rule.jenkins, "large." + i, Duration.ofDays(1));
        }
        ExampleAccounts.pasted(rule.jenkins, "small.1", Duration.ofDays(1));
        ExampleAccounts.pasted(rule.jenkins, "small.2", Duration.ofDays(1));
        ExampleAccounts.pasted(team, "small.1", Duration.ofDays(1));
        ExampleAccounts.pasted(rule.createProject(Folder.class, "other"), "small.3", Duration.ofDays(1));
        isThere = true;
    }

    @BeforeEach
    void countFromZero() {
        LOOKUPS.set(0);
        STORE_READS.set(0);
    }

    @Test
    void a_pool_is_what_the_job_can_reach_the_nearest_folders_first() {
        assertThat(Accounts.inPool(build, "small"))
                .extracting(CodexAccount::fullName)
                .containsExactly("team/small.1", "small.2");
        assertThat(Accounts.inPool(build, "nobody")).isEmpty();
    }

    @Test
    void an_account_of_the_jobs_folder_hides_one_of_the_same_id_outside() {
        assertThat(Accounts.find(build, "small.1")).map(CodexAccount::fullName).contains("team/small.1");
        assertThat(Accounts.find(build, "small.3")).isEmpty();
    }

    @Test
    void a_large_pool_asks_for_no_more_credentials_than_a_small_one() {
        Accounts.inPool(build, "small");
        int small = LOOKUPS.getAndSet(0) + STORE_READS.getAndSet(0);

        assertThat(Accounts.inPool(build, "large")).hasSize(20);

        assertThat(LOOKUPS.get() + STORE_READS.get()).isEqualTo(small).isPositive();
    }

    @Test
    void looking_at_all_accounts_reads_a_store_once_however_many_folders_there_are() {
        assertThat(Accounts.all())
                .extracting(CodexAccount::fullName)
                .contains("small.1", "team/small.1", "other/small.3")
                .doesNotHaveDuplicates();

        assertThat(STORE_READS).hasValue(1);
    }

    /** Has a store of Jenkins' own, with nothing in it, and counts who asks. */
    @TestExtension
    public static final class Counting extends CredentialsProvider {
        private final CredentialsStore store = new CountingStore();

        @Override
        public <C extends Credentials> List<C> getCredentialsInItem(
                Class<C> type,
                Item item,
                @Nullable Authentication authentication,
                List<DomainRequirement> domainRequirements) {
            LOOKUPS.incrementAndGet();
            return List.of();
        }

        @Override
        public <C extends Credentials> List<C> getCredentialsInItemGroup(
                Class<C> type,
                ItemGroup itemGroup,
                @Nullable Authentication authentication,
                List<DomainRequirement> domainRequirements) {
            LOOKUPS.incrementAndGet();
            return List.of();
        }

        @Override
        public <C extends IdCredentials> @Nullable C getCredentialByIdInItem(
                String id,
                Class<C> type,
                Item item,
                @Nullable Authentication authentication,
                List<DomainRequirement> domainRequirements) {
            LOOKUPS.incrementAndGet();
            return null;
        }

        @Override
        public @Nullable CredentialsStore getStore(@Nullable ModelObject object) {
            return isThere && object == Jenkins.get() ? store : null;
        }
    }

    private static final class CountingStore extends CredentialsStore {
        CountingStore() {
            super(Counting.class);
        }

        @Override
        public ModelObject getContext() {
            return Jenkins.get();
        }

        @Override
        public boolean hasPermission2(Authentication authentication, Permission permission) {
            return true;
        }

        @Override
        public List<Credentials> getCredentials(Domain domain) {
            STORE_READS.incrementAndGet();
            return List.of();
        }

        @Override
        public boolean addCredentials(Domain domain, Credentials credentials) {
            return false;
        }

        @Override
        public boolean removeCredentials(Domain domain, Credentials credentials) {
            return false;
        }

        @Override
        public boolean updateCredentials(Domain domain, Credentials current, Credentials replacement) {
            return false;
        }
    }
}
