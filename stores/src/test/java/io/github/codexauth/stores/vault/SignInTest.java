package io.github.codexauth.stores.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.codexauth.CredentialId;
import io.github.codexauth.SecretText;
import io.github.codexauth.UsageException;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.Records;
import io.github.codexauth.store.Revision;
import io.github.codexauth.store.SaveResult;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.PasswordSource;
import io.github.codexauth.stores.PreparedStore.Weakness;
import io.github.codexauth.stores.remote.LeaseTimes;
import io.github.codexauth.stores.vault.VaultStandIn.Call;
import io.github.codexauth.stores.vault.VaultStandIn.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a runner comes by its token, what that token may do, and what becomes of it. */
class SignInTest {
    private static final CredentialId ID = new CredentialId("codex-ci");
    private static final Holder JOB = new Holder("a job", Instant.parse("2026-03-01T10:02:11Z"));
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final VaultStandIn server = VaultStandIn.start();

    @BeforeEach
    void policyAsItIsPrinted() throws Exception {
        server.policy("runner", policy(List.of(ID)));
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private String policy(List<CredentialId> ids) throws Exception {
        return String.join("\n", new Place(OnVault.server(server.port())).prepare(Optional.of("runner"), ids));
    }

    private VaultServer server(String signIn, PasswordSource shown) throws Exception {
        String rest = server.address(signIn).substring("vault:".length());
        return new VaultServer(VaultAddress.parse(rest), shown);
    }

    private static VaultStore store(VaultServer server) {
        return new VaultStore(server, LeaseTimes.USUAL, Clock.systemUTC());
    }

    private static Lease acquire(VaultStore store) throws Exception {
        return store.acquire(ID, JOB, Duration.ZERO, busy -> {});
    }

    @ParameterizedTest
    @ValueSource(strings = {"jwt", "kubernetes", "gitlab/ci"})
    void aJobShowsItsSignedTokenAndThePrintedPolicyIsAllThatItNeeds(String method) throws Exception {
        server.role(method, "codex", "signed-token", "runner", Duration.ofHours(1), false);
        VaultServer ours = server("auth=" + method + "&role=codex", OnVault.shown("signed-token"));

        new Place(ours).requireSafe();
        VaultStore store = store(ours);
        try (Lease lease = acquire(store)) {
            assertThat(lease.load()).isEmpty();
            lease.proveWritable();
            assertThat(lease.save(Revision.NONE, Records.generation(ID, 1))).isEqualTo(SaveResult.SAVED);
        }
        assertThat(store.list()).containsExactly(ID);
        assertThat(server.calls())
                .filteredOn(call -> call.path().endsWith("/login"))
                .hasSize(1);
    }

    @Test
    void anotherCredentialThanThePolicysIsRefusedWithTheNameOfTheRight() throws Exception {
        server.role("jwt", "codex", "signed-token", "runner", Duration.ofHours(1), false);
        VaultStore store = store(server("role=codex", OnVault.shown("signed-token")));

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> store.acquire(new CredentialId("other"), JOB, Duration.ZERO, busy -> {}))
                .satisfies(e -> {
                    assertThat(e.problem()).contains("read on 'kv/data/codex-auth/leases/other'");
                    assertThat(e.hint()).contains("codex-auth store init");
                });
    }

    @Test
    void withoutAnyOneOfThePrintedRightsAJobIsToldWhichItLacks() throws Exception {
        List<String> lines = policy(List.of(ID)).lines().skip(1).toList();
        for (String without : lines) {
            String rest = String.join(
                    "\n", lines.stream().filter(line -> line != without).toList());
            server.policy("less", rest);
            VaultServer ours = server("", OnVault.shown(server.token("less")));
            String path = without.replaceFirst("path \"([^\"]+)\".*", "$1");

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .as(without)
                    .isThrownBy(() -> {
                        new Place(ours).requireSafe();
                        VaultStore store = store(ours);
                        store.list();
                        try (Lease lease = acquire(store)) {
                            lease.proveWritable();
                        }
                    })
                    .satisfies(e -> assertThat(e.problem()).contains("'" + path + "'"));
        }
    }

    @Test
    void aTokenThatTheServerDoesNotBelieveIsToldAndNotQuoted() throws Exception {
        server.role("jwt", "codex", "signed-token", "runner", Duration.ofHours(1), false);
        for (String role : List.of("codex", "no-such-role")) {
            VaultStore store = store(server("role=" + role, OnVault.shown("an-old-token")));

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> store.peek(ID))
                    .satisfies(e -> {
                        assertThat(e.problem()).contains("does not let us sign in as role '" + role + "' at auth/jwt");
                        assertThat(e.problem() + e.hint() + e.getCause()).doesNotContain("an-old-token");
                    });
        }
    }

    @Test
    void aTokenThatEndsDuringTheJobIsReplacedByAnotherBeforeTheSave() throws Exception {
        server.role("jwt", "codex", "signed-token", "runner", Duration.ofHours(1), false);
        VaultStore store = store(server("role=codex", OnVault.shown("signed-token")));
        try (Lease lease = acquire(store)) {
            server.letTokensAge(Duration.ofHours(2));

            assertThat(lease.save(Revision.NONE, Records.generation(ID, 1))).isEqualTo(SaveResult.SAVED);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTokenThatIsHalfOverIsRenewedOrReplacedBeforeItEnds(boolean renewable) throws Exception {
        server.role("jwt", "codex", "signed-token", "runner", Duration.ofSeconds(1), renewable);
        VaultStore store = store(server("role=codex", OnVault.shown("signed-token")));
        store.peek(ID);
        server.fail(0, call -> false, Fault.before(500));

        String awaited = renewable ? "auth/token/renew-self" : "auth/jwt/login";
        await().atMost(PATIENCE).until(() -> {
            store.peek(ID);
            return server.calls().stream().anyMatch(call -> call.path().equals(awaited));
        });
    }

    @Test
    void aSignInThatIsNotAnsweredIsTriedAgain() throws Exception {
        server.role("jwt", "codex", "signed-token", "runner", Duration.ofHours(1), false);
        server.fail(2, call -> call.path().endsWith("/login"), Fault.after(502));

        assertThat(store(server("role=codex", OnVault.shown("signed-token"))).peek(ID))
                .isEmpty();
    }

    @Test
    void aTokenThatAnAgentReplacedIsReadAgain() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "an-old-token");
        VaultStore store = store(server("token=" + file, PasswordSource.NONE));
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> store.peek(ID))
                .satisfies(e -> assertThat(e.problem())
                        .contains("our token lacks the right")
                        .contains("or has ended"));

        Files.writeString(file, server.token("runner") + "\n");

        assertThat(store.peek(ID)).isEmpty();
    }

    @Test
    void aTokenThatIsReplacedWhileItIsRefusedIsReadAgain() throws Exception {
        AtomicReference<String> next = new AtomicReference<>("an-old-token");
        String good = server.token("runner");
        VaultStore store = store(server("", () -> Optional.of(SecretText.of(next.getAndSet(good)))));
        int before = server.calls().size();

        assertThat(store.peek(ID)).isEmpty();

        assertThat(server.calls().stream().skip(before)).extracting(Call::token).containsExactly("an-old-token", good);
    }

    @Test
    void whoShowsNothingIsToldWhatToName() throws Exception {
        for (String signIn : List.of("role=codex", "", "role=codex&jwt=" + folder.resolve("none"))) {
            VaultStore store = store(server(signIn, PasswordSource.NONE));

            assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> store.peek(ID));
        }
    }

    @Test
    void aMountThatTakesWritesWithoutAVersionIsRefusedWithTheCommandThatMendsIt() {
        server.configure("cas_required", false);

        assertRefusedWith("vault write kv/config cas_required=true");
    }

    @Test
    void aMountThatDeletesItsEntriesIsRefusedWithTheCommandThatMendsIt() {
        server.configure("delete_version_after", "720h0m0s");

        assertRefusedWith("vault write kv/config delete_version_after=0s");
    }

    @Test
    void aMountOfTheFirstVersionIsRefusedWithTheCommandThatMendsIt() {
        server.unversioned();

        assertRefusedWith("vault kv enable-versioning kv");
    }

    private void assertRefusedWith(String hint) {
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> new Place(OnVault.server(server.port())).requireSafe())
                .satisfies(e -> assertThat(e.hint()).contains(hint));
    }

    @Test
    void aTokenThatCouldTakeTheMountsSafetyAwayIsAWeakness() throws Exception {
        assertThat(new Place(OnVault.server(server.port())).weaknesses())
                .extracting(Weakness::what)
                .containsExactly("our token may change the settings of the mount 'kv'");
        assertThat(new Place(server("", OnVault.shown(server.token("runner")))).weaknesses())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//kv/codex-auth",
                "//kv?server=https://vault.example.com",
                "//kv/../sys?server=https://vault.example.com",
                "//kv/codex-auth?server=http://vault.example.com:8200",
                "//kv/codex-auth?server=https://user:secret@vault.example.com",
                "//kv/codex-auth?server=https://vault.example.com/secret",
                "//kv/codex-auth?server=https://vault.example.com&role=a&token=/secret",
                "//kv/codex-auth?server=https://vault.example.com&jwt=/secret",
                "//kv/codex-auth?server=https://vault.example.com&role=a&jwt=secret",
                "//kv/codex-auth?server=https://vault.example.com&role=../secret",
                "//kv/codex-auth?server=https://vault.example.com&plaintext=secret"
            })
    void anAddressThatCannotBeMeantIsRefusedAndNotQuoted(String address) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> VaultAddress.parse(address))
                .satisfies(e -> {
                    assertThat(e.problem()).doesNotContain("secret");
                    assertThat(e.hint()).contains(VaultAddress.EXAMPLE);
                });
    }
}
