package io.jenkins.plugins.codexauth.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an agent sends a login that has changed: an object of the controller's, called through the channel.
 *
 * <p>What arrives here is an agent's word. The controller takes it only as the next state of the login it gave out.
 */
public interface LoginSink {
    /**
     * Takes a new state.
     *
     * @param authJson the file's bytes; null if the file has gone or cannot be read
     * @return what must not be shown in output of that agent from now on
     */
    List<String> changed(byte @Nullable [] authJson);
}
