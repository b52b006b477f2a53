package io.jenkins.plugins.codexauth.lease;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.CredentialStoreContract;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The store keeps the contract of all stores; here without a Jenkins around it. */
class JenkinsCredentialStoreTest extends CredentialStoreContract {
    private final TurnQueues queues = new TurnQueues(JenkinsCredentialStore::isThisProcess, Runnable::run);

    @TempDir
    private Path folder;

    @Override
    protected CredentialStore open() {
        return new JenkinsCredentialStore(new Place.Fixed(folder.resolve("accounts")), queues);
    }

    @Override
    protected void damageCurrent(CredentialId id) throws Exception {
        Files.writeString(folder.resolve("accounts").resolve(id.value()).resolve("current.json"), "{");
    }
}
