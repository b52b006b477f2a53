package io.github.codexauth.runner.e2e;

import io.github.codexauth.standin.StandIn;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A machine with codex-auth and Codex, and a stand-in for OpenAI's servers, new for each test. */
abstract class OnOneMachine {
    final StandIn standIn = StandIn.start();

    @TempDir
    Path folder;

    Cli cli;

    @BeforeEach
    void setUpMachine() {
        cli = Cli.in(folder, standIn);
    }

    @AfterEach
    void stopServers() {
        standIn.close();
    }
}
