package io.jenkins.plugins.codexauth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.standin.StandIn;
import io.github.codexauth.standin.StandIn.Event.Reused;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** A controller that goes away and comes back, with a stand-in for OpenAI that stays. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
abstract class AcrossRestarts {
    @RegisterExtension
    final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    final StandIn standIn = StandIn.start();

    @AfterEach
    void noTokenWasEverUsedTwice() {
        assertThat(standIn.events(Reused.class)).isEmpty();
        standIn.close();
    }

    /** A file beside the jobs, which outlives the controller. */
    Path signal(String name) {
        return sessions.getHome().toPath().resolve(name);
    }

    /** A shell command that waits for such a file. */
    String awaiting(String name) {
        return "until [ -e \"" + signal(name) + "\" ]; do sleep 0.1; done";
    }

    static WorkflowRun build(JenkinsRule rule, String job) {
        return rule.jenkins.getItemByFullName(job, WorkflowJob.class).getBuildByNumber(1);
    }
}
