package io.github.codexauth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A store whose leases end unless their holders show that they live. */
class HeartbeatTest {
    private final AtomicInteger told = new AtomicInteger();

    @Test
    void theStoreIsToldAgainAndAgainAlsoAfterItDidNotAnswer() {
        Lease lease = lease(() -> {
            if (told.incrementAndGet() == 1) {
                throw new StoreUnavailableException("the network is away", "wait");
            }
            return true;
        });

        try (Heartbeat beat = Heartbeat.of(lease)) {
            await().until(() -> told.get() >= 3);
        }
    }

    @Test
    void nothingIsToldAfterTheEndOrAfterTheLeaseWasLost() {
        Lease lost = lease(() -> {
            told.incrementAndGet();
            return false;
        });
        Heartbeat.of(lost).close();
        assertThat(told).hasValue(0);

        try (Heartbeat beat = Heartbeat.of(lost)) {
            await().until(() -> told.get() == 1);
            await().during(Duration.ofSeconds(2)).until(() -> told.get() == 1);
        }
    }

    /** What a store's answer to {@link Lease#renew} is. */
    @FunctionalInterface
    private interface Answer {
        boolean get() throws StoreException;
    }

    private static Lease lease(Answer answer) {
        return (Lease) Proxy.newProxyInstance(
                Lease.class.getClassLoader(), new Class<?>[] {Lease.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("renew");
                    return answer.get();
                });
    }
}
