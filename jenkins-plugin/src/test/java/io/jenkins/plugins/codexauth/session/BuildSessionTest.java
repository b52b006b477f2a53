package io.jenkins.plugins.codexauth.session;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.remoting.ChannelClosedException;
import hudson.remoting.RequestAbortedException;
import hudson.util.StreamTaskListener;
import io.github.codexauth.login.LoanStart;
import io.jenkins.plugins.codexauth.account.JenkinsSealer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

class BuildSessionTest {
    @Test
    @WithJenkins
    void aFaultOfOursIsNotCalledAnAgentThatCannotBeReached(JenkinsRule jenkins, @TempDir Path folder) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // No path has such a name, so whoever looks there fails with an unchecked exception.
        SessionRecord record = new SessionRecord(
                "0123456789abcdef",
                "build:deploy#1",
                "API key",
                null,
                null,
                "",
                "no\0path",
                "",
                LoanStart.UNKNOWN,
                false,
                null,
                List.of(),
                Map.of());
        BuildSession session = BuildSession.withKey(
                record,
                new SessionFiles(folder, new JenkinsSealer()),
                new StreamTaskListener(out, StandardCharsets.UTF_8));

        assertThat(session.end().safe()).isTrue();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("the built-in node could not be asked for it (InvalidPathException, see Jenkins' log)")
                .doesNotContain("cannot be reached");
    }

    @Test
    void onlyAClosedChannelIsAnAgentThatIsAway() {
        IOException closed = new ChannelClosedException(new IOException("gone"));

        assertThat(BrokenChannel.isCauseOf(closed)).isTrue();
        assertThat(BrokenChannel.isCauseOf(new RequestAbortedException(closed))).isTrue();
        assertThat(BrokenChannel.isCauseOf(new IOException("while calling", closed)))
                .isTrue();
        assertThat(BrokenChannel.isCauseOf(new IOException("the disk is full"))).isFalse();
        assertThat(BrokenChannel.isCauseOf(new IllegalStateException())).isFalse();
    }
}
