package io.github.codexauth.login;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Events whose listener cannot break what it is told of. Once a job has a login, saving the next state of it comes
 * before everything else, also before a sentence that cannot be printed.
 */
final class UnfailingEvents {
    private UnfailingEvents() {}

    /** The same events; what their listener throws is dropped, since there is nobody left to tell. */
    static LoginEvents of(LoginEvents events) {
        return (LoginEvents) Proxy.newProxyInstance(
                LoginEvents.class.getClassLoader(),
                new Class<?>[] {LoginEvents.class},
                (proxy, method, arguments) -> tell(events, method, arguments));
    }

    private static @Nullable Object tell(LoginEvents events, Method method, @Nullable Object @Nullable [] arguments)
            throws IllegalAccessException {
        try {
            return method.invoke(events, arguments);
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            return null;
        }
    }
}
