package io.github.codexauth.runner.benchmark;

import io.github.codexauth.CredentialId;
import io.github.codexauth.SecretText;
import io.github.codexauth.SignInMode;
import io.github.codexauth.home.CodexConfig;
import io.github.codexauth.home.ManagedRequirements;
import io.github.codexauth.home.Patience;
import io.github.codexauth.login.LoginEvents;
import io.github.codexauth.login.LoginSettings;
import io.github.codexauth.login.RescueArea;
import io.github.codexauth.login.Seed;
import io.github.codexauth.session.CodexSession;
import io.github.codexauth.session.SessionSettings;
import io.github.codexauth.standin.Login;
import io.github.codexauth.store.AtRest;
import io.github.codexauth.store.Envelope;
import io.github.codexauth.store.Holder;
import io.github.codexauth.store.file.FileCredentialStore;
import io.github.codexauth.trust.CredentialRequest;
import io.github.codexauth.trust.Evidence;
import io.github.codexauth.trust.JobFacts;
import io.github.codexauth.trust.TrustDecision;
import io.github.codexauth.trust.TrustPolicy;
import io.github.codexauth.trust.TrustRule;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A managed session in a folder, without the command around it. */
final class Session {
    static final CredentialId ID = new CredentialId("bench");

    private Session() {}

    static CodexSession open(Path folder, Login login) throws Exception {
        FileCredentialStore store = FileCredentialStore.createIn(folder.resolve("store"), Clock.systemUTC());
        SessionSettings settings = new SessionSettings(
                folder.resolve("store/homes"),
                CodexConfig.standard(List.of(), ManagedRequirements.NONE),
                Patience.UNHURRIED,
                new LoginSettings(
                        new RescueArea(folder.resolve("rescue")),
                        AtRest.unencrypted(),
                        "benchmark",
                        LoginSettings.USUAL_RETRIES,
                        Clock.systemUTC(),
                        new Silence()));
        Holder holder = new Holder("benchmark", Clock.systemUTC().instant());
        return CodexSession.open(
                proof(),
                store,
                store.acquire(ID, holder, Duration.ZERO, busy -> {}),
                Optional.of(Seed.parse(login.authJson(), "seed")),
                settings);
    }

    private static TrustDecision.Trusted proof() {
        TrustRule everything = TrustRule.withoutConditions("none", Evidence.DECLARED);
        TrustPolicy policy = new TrustPolicy("benchmark", Optional.empty(), List.of(everything), Map.of(), false);
        return (TrustDecision.Trusted) policy.judge(
                JobFacts.unknown("none", "benchmark"), new CredentialRequest(SignInMode.MANAGED, List.of(ID)));
    }

    private static final class Silence implements LoginEvents {
        @Override
        public void secrets(List<SecretText> secrets) {}

        @Override
        public void seeded(Envelope stored) {}

        @Override
        public void seedIgnored(String reason) {}

        @Override
        public void recovered(Envelope stored) {}

        @Override
        public void refilled(Envelope stored, String source) {}

        @Override
        public void saved(Envelope stored) {}

        @Override
        public void rejected(String reason) {}

        @Override
        public void linkedAway(Path login) {}

        @Override
        public void notNoted(String problem) {}

        @Override
        public void saveFailed(String problem) {}

        @Override
        public void rescued(Path copy, String reason) {}

        @Override
        public void strayProcessesEnded(int count) {}

        @Override
        public void notWiped(Path left) {}
    }
}
