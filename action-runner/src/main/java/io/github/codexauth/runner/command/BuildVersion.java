package io.github.codexauth.runner.command;

import io.github.codexauth.CodexAuthException;
import io.github.codexauth.runner.codex.CodexOnPath;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/**
 * The version, as the build wrote it into the jar's manifest, and that of the Codex which jobs would use: a report of
 * trouble needs both.
 */
final class BuildVersion implements IVersionProvider {
    private final Map<String, String> environment;

    /** @param environment our own variables */
    BuildVersion(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public String[] getVersion() {
        String version = Optional.ofNullable(BuildVersion.class.getPackage().getImplementationVersion())
                .orElse("(not built as a jar)");
        return new String[] {"codex-auth " + version, "codex " + codex()};
    }

    private String codex() {
        try {
            return CodexOnPath.ask(environment).require().map(Object::toString).orElse("(none on the PATH)");
        } catch (CodexAuthException unusable) {
            return "(" + unusable.problem() + ")";
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
            return "(was told to stop while asking)";
        }
    }
}
