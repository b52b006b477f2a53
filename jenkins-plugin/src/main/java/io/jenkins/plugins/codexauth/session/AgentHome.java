package io.jenkins.plugins.codexauth.session;

import hudson.model.Computer;
import hudson.remoting.VirtualChannel;
import io.github.codexauth.login.LoanedLogin;
import io.jenkins.plugins.codexauth.agent.CollectHome;
import io.jenkins.plugins.codexauth.agent.HomeOrder;
import io.jenkins.plugins.codexauth.agent.LoginSink;
import io.jenkins.plugins.codexauth.agent.MakeHome;
import io.jenkins.plugins.codexauth.agent.RefreshLogin;
import io.jenkins.plugins.codexauth.agent.ServeTokens;
import io.jenkins.plugins.codexauth.agent.SessionSecrets;
import io.jenkins.plugins.codexauth.agent.TokenSource;
import io.jenkins.plugins.codexauth.agent.WatchHome;
import io.jenkins.plugins.codexauth.agent.WipeHome;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jspecify.annotations.Nullable;

/**
 * A session's {@code CODEX_HOME}, worked on through its agent's channel. Every call fails with what {@link
 * BrokenChannel} knows if the agent goes away.
 *
 * @param session the name of the folder: the session's, or one made of it
 * @param home the folder, absolute
 * @param path the block's PATH; empty for the agent's own
 */
record AgentHome(VirtualChannel channel, String session, String home, String path) {
    /** The home of a session's block; empty if its agent cannot be reached now. */
    static Optional<AgentHome> ofBlock(SessionRecord record) {
        return channel(record.node())
                .map(channel -> new AgentHome(channel, record.session(), record.home(), record.path()));
    }

    /** The home in which a session's login may be; empty if its agent cannot be reached now. */
    static Optional<AgentHome> ofLogin(SessionRecord record) {
        String home = record.loginHome();
        String name = home.substring(home.lastIndexOf('/') + 1);
        return channel(record.node()).map(channel -> new AgentHome(channel, name, home, record.path()));
    }

    /** How an agent is reached; empty if it cannot be now. */
    static Optional<VirtualChannel> channel(String node) {
        return Optional.ofNullable(Jenkins.get().getComputer(node)).map(Computer::getChannel);
    }

    /**
     * Makes the home, in the place of whatever is there.
     *
     * @param authJson the login to put in; null if the credential is no file
     * @param configToml the user's settings for Codex; null for none
     * @param keep the sessions whose homes must stay
     * @param sink told of every change; null if nobody watches
     * @return the folder without symbolic links, as Codex has to be told: its sandbox compares the real path
     * @throws SignInFailedException if it cannot be made
     */
    String make(byte @Nullable [] authJson, byte @Nullable [] configToml, List<String> keep, @Nullable LoginSink sink)
            throws SignInFailedException, IOException, InterruptedException {
        String homes = home.substring(0, home.length() - session.length() - 1);
        HomeOrder order = new HomeOrder(
                session,
                homes,
                authJson,
                configToml,
                keep,
                SessionSecrets.of(session).revealed(),
                path);
        MakeHome.Made made = channel.call(new MakeHome(order, sink == null ? null : exported(sink)));
        String folder = made.home();
        if (folder == null) {
            throw new SignInFailedException(String.valueOf(made.problem()), String.valueOf(made.hint()));
        }
        return folder;
    }

    /** Watches it again. False if it is not there any more. */
    boolean watch(LoginSink sink) throws IOException, InterruptedException {
        return channel.call(
                new WatchHome(session, home, SessionSecrets.of(session).revealed(), exported(sink)));
    }

    /**
     * Lets its block's Codex ask there for access tokens.
     *
     * @param earlier the address that the block's processes know already; null for a new one
     * @return the variables that they need for it; none if the home is gone
     */
    Map<String, String> serve(String placeholder, @Nullable String earlier, TokenSource source)
            throws IOException, InterruptedException {
        return channel.call(new ServeTokens(
                session,
                home,
                placeholder,
                earlier,
                SessionSecrets.of(session).revealed(),
                channel.export(TokenSource.class, source)));
    }

    /** Ends the home of a block that has no login to keep. */
    CollectHome.Found end() throws IOException, InterruptedException {
        CollectHome.Found found = collectKnowing(null);
        return found.wiped() ? found : found.wiped(wipe());
    }

    RefreshLogin.Answer refresh(boolean force) throws IOException, InterruptedException {
        return channel.call(new RefreshLogin(home, path, force));
    }

    /**
     * Ends its processes and brings what is in it; wipes it on the same trip if that is what the login's newest state
     * is already.
     */
    CollectHome.Found collect(LoanedLogin login) throws IOException, InterruptedException {
        return collectKnowing(login.isSaveDue() ? new byte[0] : login.auth().bytes());
    }

    /** As the other, of a home without a login, or with one of which nothing is known. */
    CollectHome.Found collectKnowing(byte @Nullable [] known) throws IOException, InterruptedException {
        return channel.call(new CollectHome(session, home, known));
    }

    /** Removes it. Answers what could not be removed, null if all is gone. */
    @Nullable
    String wipe() throws IOException, InterruptedException {
        return channel.call(new WipeHome(session, home));
    }

    /** An object of ours that the other side can call. */
    private LoginSink exported(LoginSink sink) {
        return channel.export(LoginSink.class, sink);
    }
}
