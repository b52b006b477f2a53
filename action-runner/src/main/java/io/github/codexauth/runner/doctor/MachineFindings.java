package io.github.codexauth.runner.doctor;

import io.github.codexauth.CodexAuth;
import io.github.codexauth.PathText;
import io.github.codexauth.UsageException;
import io.github.codexauth.home.AdministratorSettingsException;
import io.github.codexauth.home.CodexConfig;
import io.github.codexauth.home.ManagedRequirements;
import io.github.codexauth.home.ReplaceableFile;
import io.github.codexauth.home.SecretPlace;
import io.github.codexauth.runner.process.JobUser;
import io.github.codexauth.runner.storage.OwnFolders;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What about the machine protects a login, or burns it. */
public final class MachineFindings {
    private MachineFindings() {}

    /** @param store the store's folder, with private homes in it */
    public static List<Finding> look(Map<String, String> environment, String userHome, Path store)
            throws UsageException {
        List<Finding> findings = new ArrayList<>();
        if (JobUser.in(environment).isPresent()) {
            findings.add(
                    Finding.fine("codex-auth and its jobs are two users: what a job or a model runs reaches neither the"
                            + " store nor a secret, with Codex's sandbox or without"));
        } else {
            if (OwnFolders.of(environment).inImage()) {
                findings.add(Finding.weak(
                        "codex-auth and its jobs are one user here (--user): only Codex's sandbox keeps the login from what"
                                + " the model runs",
                        "where you can, start the container as root, without --user: jobs then run as the owner of the"
                                + " working directory"));
            }
            findings.add(requirements(store));
            findings.addAll(administrator(store));
        }
        String codexHomeVariable = environment.getOrDefault("CODEX_HOME", "");
        Path codexHome = codexHomeVariable.isBlank()
                ? PathText.parse(environment.getOrDefault("HOME", userHome), "HOME")
                        .resolve(".codex")
                : PathText.parse(codexHomeVariable, "CODEX_HOME");
        Path login = codexHome.resolve("auth.json");
        if (Files.exists(login, LinkOption.NOFOLLOW_LINKS)) {
            findings.add(ReplaceableFile.obstacle(login)
                    .map(obstacle -> Finding.wrong(
                            "Codex would burn the login in " + codexHome + ": " + obstacle,
                            "give that login to codex-auth: codex-auth seed --id codex-ci --seed-file " + login))
                    .orElseGet(() -> Finding.weak(
                            "there is a login in " + codexHome + " that a job could use by accident",
                            "if codex-auth has it now, remove this copy: rm " + login)));
        }
        return findings;
    }

    /** What an administrator of Codex has set here that a job could not run with, as the job itself would say it. */
    private static List<Finding> administrator(Path store) {
        CodexConfig usual = CodexConfig.standard(List.of(), ManagedRequirements.read(ManagedRequirements.FOLDER));
        try {
            usual.requireLoginsInFiles();
            usual.requireInForce(
                    List.of(
                            SecretPlace.at(store.resolve("credentials")),
                            SecretPlace.inHomesOf(store.resolve("homes"))),
                    CodexAuth.CREDENTIAL_VARIABLES);
            return List.of();
        } catch (AdministratorSettingsException e) {
            return List.of(Finding.wrong(e.problem(), e.hint()));
        }
    }

    /** A home inside a folder that is denied as a whole would keep Codex from starting, so its files are named. */
    private static Finding requirements(Path store) {
        Path anyHome = store.resolve("homes/id/session/home");
        if (ManagedRequirements.read(ManagedRequirements.FOLDER).concern(anyHome)) {
            return Finding.fine(ManagedRequirements.FILE + " denies reading a login, whatever flags the job passes");
        }
        List<String> patterns = Stream.of("credentials", "homes/**/auth.json", "homes/**/.auth-*", "rescue")
                .map(pattern -> "\"" + store.resolve(pattern) + "\"")
                .toList();
        return Finding.weak(
                "a job that passes --sandbox or the bypass flag lets the model's commands read its login",
                "as root: mkdir -p /etc/codex && printf '[permissions.filesystem]\\ndeny_read = [%s]\\n' '"
                        + String.join(", ", patterns) + "' >> " + ManagedRequirements.FILE);
    }
}
