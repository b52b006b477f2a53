package io.jenkins.plugins.codexauth.examples;

import hudson.slaves.SlaveComputer;
import io.github.codexauth.standin.RealCodex;
import io.github.codexauth.standin.StandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * An agent's machine: an agent process that connects by itself, git, and a {@code codex} on the PATH. That is the real
 * one, told by command line options where the stand-in is, so that examples need not say so.
 */
final class InboundAgent implements AutoCloseable {
    private final Process process;

    private InboundAgent(Process process) {
        this.process = process;
    }

    /** Starts the process of an agent that Jenkins knows already, and waits until it is connected. */
    static InboundAgent start(JenkinsRule jenkins, String name, Path machine, StandIn standIn) throws Exception {
        SlaveComputer computer = (SlaveComputer) Jenkins.get().getComputer(name);
        Path jar = Files.write(machine.resolve("agent.jar"), new hudson.model.Slave.JnlpJar("agent.jar").readFully());
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                jar.toString(),
                "-url",
                jenkins.getURL().toString(),
                "-name",
                name,
                "-secret",
                computer.getJnlpMac(),
                "-webSocket");
        Map<String, String> environment = builder.environment();
        environment.put("PATH", codex(machine, standIn).getParent() + ":" + System.getenv("PATH"));
        environment.put("CODEX_REFRESH_TOKEN_URL_OVERRIDE", standIn.tokenUrl());
        environment.put("CODEX_AUTHAPI_BASE_URL", standIn.url());
        builder.directory(machine.toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(machine.resolve("agent.log").toFile());
        InboundAgent agent = new InboundAgent(builder.start());
        computer.waitUntilOnline();
        return agent;
    }

    private static Path codex(Path machine, StandIn standIn) throws IOException {
        Path bin = Files.createDirectories(machine.resolve("bin"));
        Path file = Files.writeString(
                bin.resolve("codex"), codex(RealCodex.get().binary().toString(), standIn));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    /** A script that is a Codex which goes to the stand-in, whatever its home says. */
    static String codex(String binary, StandIn standIn) {
        return """
                #!/bin/sh
                exec %1$s -c check_for_update_on_startup=false -c analytics.enabled=false \\
                  -c chatgpt_base_url='"%2$s/backend-api"' -c model='"gpt-5"' -c model_provider='"standin"' \\
                  -c model_providers.standin.name='"standin"' \\
                  -c model_providers.standin.base_url='"%2$s/backend-api/codex"' \\
                  -c model_providers.standin.wire_api='"responses"' \\
                  -c model_providers.standin.requires_openai_auth=true \\
                  -c model_providers.standin.supports_websockets=false "$@"
                """.formatted(binary, standIn.url());
    }

    /** Makes a folder a git repository, as a checkout is. */
    static void git(Path folder) throws Exception {
        Process git = new ProcessBuilder(List.of("git", "init", "--quiet", folder.toString()))
                .inheritIO()
                .start();
        if (git.waitFor() != 0) {
            throw new IOException("git init failed");
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
