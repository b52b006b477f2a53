package io.github.codexauth.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.codexauth.AuthJson;
import io.github.codexauth.SecretText;
import io.github.codexauth.codex.Diagnosis;
import io.github.codexauth.codex.TokenRefresher;
import io.github.codexauth.home.CodexHome;
import io.github.codexauth.login.Seed;
import io.github.codexauth.session.LoginMachine;
import io.github.codexauth.session.LoginTurn;
import io.github.codexauth.standin.Gate;
import io.github.codexauth.store.CredentialRecord;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.Lease;
import io.github.codexauth.store.NeedsLogin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job's Codex gets of a login that stays with its helper, played over real HTTP. */
class HandoverTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient codex = HttpClient.newHttpClient();
    private final AtomicInteger refreshes = new AtomicInteger();
    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    private Path folder;

    private LoginMachine machine;
    private TokenRefresher helpersCodex;
    private Lease held;

    @BeforeEach
    void aMachineWithALogin() {
        machine = new LoginMachine(folder);
        helpersCodex = (home, force) -> {
            refreshes.incrementAndGet();
            try {
                CodexHome.existing(home).restore(machine.refresh());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            return new Diagnosis.NoComplaint();
        };
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void theJobsFileHasTheLiveAccessTokenAndNoRefreshToken() throws Exception {
        Job job = job(exclusive());

        JsonNode file = JSON.readTree(Files.readAllBytes(job.home().authJson()));

        assertThat(file.path("tokens").path("access_token").textValue())
                .isEqualTo(machine.login.current().accessToken());
        assertThat(file.path("auth_mode").textValue()).isEqualTo("chatgpt");
        assertThat(file.toString()).doesNotContain(machine.login.current().refreshToken());
        AuthJson.parse(Files.readAllBytes(job.home().authJson()), "the job's auth.json");
    }

    @Test
    void whoAsksGetsTheNextAccessTokenWhenItIsStoredAndStillNoRefreshToken() throws Exception {
        Job job = job(exclusive());

        HttpResponse<String> answer = job.ask(job.placeholder());

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode granted = JSON.readTree(answer.body());
        assertThat(granted.path("access_token").textValue())
                .isEqualTo(machine.login.current().accessToken());
        assertThat(granted.path("id_token").textValue())
                .isEqualTo(machine.login.current().idToken());
        assertThat(granted.path("expires_in").isIntegralNumber()).isTrue();
        assertThat(answer.body()).doesNotContain(machine.login.current().refreshToken());
        assertThat(held.load()).map(CredentialRecord::payload).contains(machine.login.authJson());
        assertThat(refreshes).hasValue(1);
    }

    @Test
    void theAnswersPlaceholderGetsTheStateAfterThat() throws Exception {
        Job job = job(exclusive());
        String second = JSON.readTree(job.ask(job.placeholder()).body())
                .path("refresh_token")
                .textValue();

        JsonNode third = JSON.readTree(job.ask(second).body());

        assertThat(third.path("access_token").textValue())
                .isEqualTo(machine.login.current().accessToken());
        assertThat(refreshes).hasValue(2);
    }

    /** As a job would that wants to use up OpenAI's patience with the account. */
    @Test
    void whoAsksForStateAfterStateGetsFiveInTenMinutesAndThenTheNewestAgain() throws Exception {
        Job job = job(exclusive());
        String token = job.placeholder();
        for (int i = 0; i < 20; i++) {
            HttpResponse<String> answer = job.ask(token);
            assertThat(answer.statusCode()).isEqualTo(200);
            JsonNode granted = JSON.readTree(answer.body());
            assertThat(granted.path("access_token").textValue())
                    .isEqualTo(machine.login.current().accessToken());
            token = granted.path("refresh_token").textValue();
        }
        assertThat(refreshes).hasValue(5);

        machine.clock.advance(Duration.ofMinutes(10));
        job.ask(token);

        assertThat(refreshes).hasValue(6);
    }

    @Test
    void whoAskedTooOftenGetsNoAccessTokenThatHasEnded() throws Exception {
        TokenRefresher working = helpersCodex;
        Job job = job(exclusive());
        machine.clock.advance(LoginMachine.LIFETIME.plusMinutes(1));
        helpersCodex = (home, force) -> new Diagnosis.Hindered(Diagnosis.Hindrance.UNREACHABLE, "the network is away");
        for (int i = 0; i < 5; i++) {
            assertThat(job.ask(job.placeholder()).body()).contains("the network is away");
        }
        helpersCodex = working;

        HttpResponse<String> tooEarly = job.ask(job.placeholder());
        machine.clock.advance(Duration.ofMinutes(10));
        HttpResponse<String> later = job.ask(job.placeholder());

        assertThat(tooEarly.statusCode()).isEqualTo(503);
        assertThat(tooEarly.body()).contains("has asked for the next access token 5 times in 10 minutes");
        assertThat(later.statusCode()).isEqualTo(200);
    }

    @Test
    void aCopyForStepsWithoutAHelperHasTheAccessTokenAloneAndIsAnsweredNowhere() throws Exception {
        KeptLogin login = kept(exclusive());
        login.open(Optional.of(Seed.parse(machine.login.authJson(), "seed")), LoginMachine.LIFETIME.plusDays(1));
        CodexHome home = CodexHome.create(folder.resolve("copy"));

        AccessHandover.copyInto(home, folder -> new byte[0], login);

        assertThat(refreshes).as("it would not have lasted").hasValue(1);
        assertThat(Files.readString(home.authJson()))
                .contains(machine.login.current().accessToken(), "placeholder-of-codex-auth-")
                .doesNotContain(machine.login.current().refreshToken());
        AuthJson.parse(Files.readAllBytes(home.authJson()), "the copy");
    }

    @Test
    void howeverManyAskForTheSameStateItIsRefreshedOnce() throws Exception {
        Gate gate = new Gate();
        TokenRefresher quick = helpersCodex;
        helpersCodex = (home, force) -> {
            gate.pass();
            return quick.refresh(home, force);
        };
        Job job = job(exclusive());
        List<CompletableFuture<HttpResponse<String>>> askers = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            askers.add(job.askLater(job.placeholder()));
        }
        gate.awaitReached();
        gate.open();

        for (CompletableFuture<HttpResponse<String>> asker : askers) {
            assertThat(asker.get().body()).contains(machine.login.current().accessToken());
        }
        assertThat(refreshes).hasValue(1);
    }

    @Test
    void jobsThatShareALoginTakeTheLeaseForATurnAndFindWhatOthersBrought() throws Exception {
        Job one = job(shared());
        Job two = job(shared());

        one.ask(one.placeholder());
        HttpResponse<String> answer = two.ask(two.placeholder());

        assertThat(answer.body()).contains(machine.login.current().accessToken());
        assertThat(refreshes).hasValue(1);
        assertThat(machine.store().occupancy(LoginMachine.ID)).isEmpty();
    }

    @Test
    void aJobWithALoginForItselfKeepsItsLease() throws Exception {
        Job job = job(exclusive());
        job.ask(job.placeholder());

        assertThat(machine.store().occupancy(LoginMachine.ID)).isPresent();
    }

    @Test
    void anotherSessionsPlaceholderAndAnythingElseIsRefusedAsARevokedToken() throws Exception {
        Job one = job(shared());
        Job two = job(shared());

        for (String token : List.of(
                two.placeholder(),
                "",
                "x",
                machine.login.current().refreshToken(),
                one.placeholder() + "x",
                one.placeholder().substring(0, one.placeholder().length() - 2))) {
            HttpResponse<String> answer = one.ask(token);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).contains("\"code\":\"refresh_token_invalidated\"");
        }
        assertThat(refreshes).hasValue(0);
    }

    @Test
    void whoDoesNotKnowThePathFindsNothing() throws Exception {
        Job job = job(exclusive());
        URI address = job.address();

        for (String path :
                List.of("/", "/oauth/token", "/" + "0".repeat(32) + "/oauth/token", address.getPath() + "/")) {
            assertThat(send(address.resolve(path), body(job.placeholder())).statusCode())
                    .as(path)
                    .isEqualTo(404);
        }
        assertThat(codex.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
        assertThat(send(address, "x".repeat(100_000)).statusCode()).isEqualTo(413);
        assertThat(send(address, "no JSON").statusCode()).isEqualTo(401);
        assertThat(refreshes).hasValue(0);
    }

    @Test
    void afterTheSessionNobodyAnswers() throws Exception {
        Job job = job(exclusive());
        job.handover().close();

        assertThat(codex.sendAsync(
                        request(job.address(), body(job.placeholder())), HttpResponse.BodyHandlers.ofString()))
                .failsWithin(Duration.ofSeconds(10));
    }

    @Test
    void aDeadLoginIsAnsweredAsOpenAiDoesAndRecorded() throws Exception {
        helpersCodex = (home, force) -> new Diagnosis.Dead(NeedsLogin.Cause.REFRESH_TOKEN_REUSED);
        Job job = job(exclusive());

        HttpResponse<String> answer = job.ask(job.placeholder());

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("\"code\":\"refresh_token_reused\"");
        assertThat(machine.store().peek(LoginMachine.ID).orElseThrow().needsLogin())
                .isPresent();
        assertThat(job.ask(job.placeholder()).body()).contains("\"code\":\"refresh_token_reused\"");
    }

    @Test
    void whatKeepsCodexFromRefreshingIsNoWordAgainstTheLogin() throws Exception {
        helpersCodex = (home, force) -> new Diagnosis.Hindered(Diagnosis.Hindrance.UNREACHABLE, "the network is away");
        Job job = job(exclusive());

        HttpResponse<String> answer = job.ask(job.placeholder());

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("the network is away");
        assertThat(machine.store().peek(LoginMachine.ID).orElseThrow().needsLogin())
                .isEmpty();
    }

    @Test
    void aLoginThatEndsSoonIsRefreshedBeforeTheJobSeesIt() throws Exception {
        machine.clock.advance(LoginMachine.LIFETIME.minusMinutes(7));

        Job job = job(exclusive());

        assertThat(refreshes).hasValue(1);
        assertThat(Files.readString(job.home().authJson()))
                .contains(machine.login.current().accessToken());
    }

    @Test
    void theLoopbackAddressIsTakenToNoProxyAndOtherExceptionsStay() throws Exception {
        Job job = job(exclusive());

        assertThat(job.handover().variables(Map.of())).containsEntry("NO_PROXY", "127.0.0.1");
        assertThat(job.handover().variables(Map.of("no_proxy", "acme.example")))
                .containsEntry("NO_PROXY", "acme.example,127.0.0.1")
                .containsEntry("no_proxy", "acme.example,127.0.0.1");
        assertThat(job.handover().variables(Map.of("NO_PROXY", "a", "no_proxy", "b")))
                .containsEntry("NO_PROXY", "a,127.0.0.1")
                .containsEntry("no_proxy", "b,127.0.0.1");
    }

    @Test
    void noHomeOfTheHelperOutlivesItsTurn() throws Exception {
        Job job = job(exclusive());
        job.ask(job.placeholder());

        assertThat(machine.homes()).isEmpty();
    }

    private record Job(Handover handover, CodexHome home, HandoverTest test) {
        URI address() {
            return URI.create(handover.variables(Map.of()).get("CODEX_REFRESH_TOKEN_URL_OVERRIDE"));
        }

        String placeholder() throws IOException {
            return JSON.readTree(Files.readAllBytes(home.authJson()))
                    .path("tokens")
                    .path("refresh_token")
                    .textValue();
        }

        HttpResponse<String> ask(String token) throws Exception {
            return test.send(address(), body(token));
        }

        CompletableFuture<HttpResponse<String>> askLater(String token) {
            return test.codex.sendAsync(request(address(), body(token)), HttpResponse.BodyHandlers.ofString());
        }
    }

    private LeaseSource exclusive() throws Exception {
        held = machine.lease();
        open.add(held);
        return LeaseSource.holding(held);
    }

    private LeaseSource shared() {
        return () -> {
            try {
                return machine.store()
                        .acquire(
                                LoginMachine.ID,
                                new Holder("a test", machine.clock.instant()),
                                Duration.ofSeconds(10),
                                busy -> {});
            } catch (InterruptedException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        };
    }

    @Test
    void anAddressThatWasClosedIsOpenedOnceMoreForTheProcessesThatKnowIt() throws Exception {
        KeptLogin login = kept(exclusive());
        login.open(Optional.of(Seed.parse(machine.login.authJson(), "seed")));
        Placeholder placeholder = Placeholder.random();
        TokenAddress first = TokenAddress.open(placeholder, login, machine.clock);
        String asked = body(placeholder.at(login.now().generation()).reveal());
        first.close();
        assertThatIOException().isThrownBy(() -> send(first.uri(), asked));

        TokenAddress again = TokenAddress.reopen(
                first.uri(), Placeholder.of(SecretText.of(placeholder.stem().reveal())), login, machine.clock);
        open.add(again);

        assertThat(send(first.uri(), asked).statusCode()).isEqualTo(200);
        assertThat(again.uri()).isEqualTo(first.uri());
    }

    private Job job(LeaseSource leases) throws Exception {
        KeptLogin login = kept(leases);
        login.open(Optional.of(Seed.parse(machine.login.authJson(), "seed")));
        CodexHome home = CodexHome.create(folder.resolve("job-" + open.size()));
        Handover handover = AccessHandover.into(home, folder -> new byte[0], login, machine.clock);
        open.add(0, handover);
        return new Job(handover, home, this);
    }

    private KeptLogin kept(LeaseSource leases) throws Exception {
        return new KeptLogin(
                new LoginTurn(
                        LoginMachine.proof(), machine.store(), machine.settings(), () -> Optional.of(helpersCodex)),
                leases,
                machine.clock);
    }

    private HttpResponse<String> send(URI address, String body) throws Exception {
        return codex.send(request(address, body), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(URI address, String body) {
        return HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                .build();
    }

    private static String body(String token) {
        return JSON.createObjectNode()
                .put("client_id", "app_codex")
                .put("grant_type", "refresh_token")
                .put("refresh_token", token)
                .toString();
    }
}
