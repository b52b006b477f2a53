package io.github.codexauth.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A listener that fails keeps nobody from saving a login. */
class UnfailingEventsTest {
    static Stream<Method> events() {
        return Arrays.stream(LoginEvents.class.getMethods());
    }

    @ParameterizedTest
    @MethodSource("events")
    void whatAListenerThrowsIsDropped(Method event) throws Exception {
        AtomicInteger told = new AtomicInteger();
        LoginEvents unfailing = UnfailingEvents.of(listener(() -> {
            told.incrementAndGet();
            throw new IllegalStateException("the log is closed");
        }));

        assertThatCode(() -> event.invoke(unfailing, anyArguments(event))).doesNotThrowAnyException();

        assertThat(told).as("the listener is told").hasValue(1);
    }

    @Test
    void anErrorIsNot() {
        LoginEvents unfailing = UnfailingEvents.of(listener(() -> {
            throw new OutOfMemoryError("test");
        }));

        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> unfailing.notWiped(Path.of("home")));
    }

    private static LoginEvents listener(Runnable event) {
        return (LoginEvents) Proxy.newProxyInstance(
                LoginEvents.class.getClassLoader(), new Class<?>[] {LoginEvents.class}, (proxy, method, arguments) -> {
                    event.run();
                    return null;
                });
    }

    /** None of ours looks at what it passes on. */
    private static Object[] anyArguments(Method event) {
        return Arrays.stream(event.getParameterTypes())
                .map(type -> type == int.class ? (Object) 1 : null)
                .toArray();
    }
}
