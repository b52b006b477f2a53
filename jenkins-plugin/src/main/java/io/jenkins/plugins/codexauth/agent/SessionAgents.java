package io.jenkins.plugins.codexauth.agent;

import hudson.remoting.VirtualChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** On the controller: over which channel each live session's agent is reached, so that secrets go to no other. */
public final class SessionAgents {
    private static final Map<String, VirtualChannel> CHANNELS = new ConcurrentHashMap<>();

    private SessionAgents() {}

    public static void put(String session, VirtualChannel channel) {
        CHANNELS.put(session, channel);
    }

    public static void remove(String session) {
        CHANNELS.remove(session);
    }

    static boolean runsOn(String session, VirtualChannel channel) {
        return channel.equals(CHANNELS.get(session));
    }
}
