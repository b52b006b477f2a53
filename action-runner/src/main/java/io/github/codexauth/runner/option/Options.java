package io.github.codexauth.runner.option;

import io.github.codexauth.CredentialId;
import io.github.codexauth.runner.input.SecretSource;
import java.nio.file.Path;
import java.time.Duration;

/** The options that more than one command has. */
public final class Options {
    /** Which credential of the store. */
    public static final ValueOption<CredentialId> ID =
            ValueOption.credentialId("--id", "ID", "NAME", "The credential, such as codex-ci.");

    /** Which credentials of the store. */
    public static final ValueOption<CredentialId> POOL =
            ValueOption.credentialId("--pool", "POOL", "NAME", "Any free credential whose id begins with 'NAME.'.");

    /** The login to start from. */
    public static final ValueOption<SecretSource> SEED_FILE =
            ValueOption.secret("--seed-file", "JSON", "The auth.json to start from if the store has none.");

    /** Where logins are kept. */
    public static final ValueOption<String> STORE = ValueOption.text(
            "--store",
            "STORE",
            "ADDRESS",
            "Where logins are kept, such as file:/var/lib/codex-auth, postgresql://USER@HOST/DATABASE,"
                    + " k8s://NAMESPACE/PREFIX or vault://MOUNT/PREFIX; default: file:$XDG_STATE_HOME/codex-auth.");

    /** What opens a store on a server. */
    public static final ValueOption<SecretSource> STORE_PASSWORD_FILE = ValueOption.secret(
            "--store-password-file",
            "STORE_PASSWORD",
            "The password of a store on a server; read for every connection.");

    /** What prints it. */
    public static final ValueOption<String> STORE_PASSWORD_COMMAND = ValueOption.text(
            "--store-password-command",
            "STORE_PASSWORD_COMMAND",
            "COMMAND",
            "A shell command that prints the store's password, such as a cloud's token of some minutes.");

    /** What opens a store that logins are moved to. */
    public static final ValueOption<SecretSource> TO_PASSWORD_FILE = ValueOption.secret(
            "--to-password-file", "TO_PASSWORD", "copy: the password of the store that the logins go to.");

    /** What prints it. */
    public static final ValueOption<String> TO_PASSWORD_COMMAND = ValueOption.text(
            "--to-password-command", "TO_PASSWORD_COMMAND", "COMMAND", "copy: a shell command that prints it.");

    /** Where private homes are made, if not in the store's folder. */
    public static final ValueOption<Path> HOMES = ValueOption.path(
            "--homes",
            "HOMES",
            "FOLDER",
            "Where private homes are made; default: in the store's folder, so that the next job finds what a killed one"
                    + " left.");

    /** Who can open what is stored. */
    public static final ValueOption<String> AGE_RECIPIENT = ValueOption.text(
            "--age-recipient", "AGE_RECIPIENT", "age1…", "Encrypt what is stored to this age recipient.");

    /** What opens what is stored. */
    public static final ValueOption<SecretSource> AGE_IDENTITY_FILE =
            ValueOption.secret("--age-identity-file", "AGE_IDENTITY", "The age identity that opens it.");

    /** The operator's policy. */
    public static final ValueOption<Path> POLICY = ValueOption.path(
            "--policy",
            "POLICY",
            "FILE",
            "Where this machine has no /etc/codex-auth/policy.yaml, the operator's policy; else one that narrows the machine's.");

    /** How long to wait for a credential that somebody else has. */
    public static final ValueOption<Duration> WAIT = ValueOption.duration(
            "--wait", "WAIT", "How long to wait for a credential in use, such as 15m; default: not at all.");

    /** How long a job may take. */
    public static final ValueOption<Duration> TIMEOUT = ValueOption.duration(
            "--timeout",
            "TIMEOUT",
            "How long the job may take, such as 90m; default: no limit, and 2h for deciding whether to refresh before it"
                    + " (restore, --give all).");

    /** What the job gets of a login. */
    public static final ValueOption<String> GIVE = ValueOption.text(
            "--give",
            "GIVE",
            "LEVEL",
            "What the job gets of its credential: all (of a key or token the default, and of a login with restore), access (a"
                    + " login without its refresh token, the default of run), or nothing (placeholders: what it sends goes"
                    + " through codex-auth; the default where Codex's sandbox could not hide a secret).");

    /** Whether the job uses the login beside others. */
    public static final Flag SHARED = new Flag(
            "--shared",
            "SHARED",
            "Use the login beside other jobs, if the machine's policy allows that; not with --give all.");

    /** Which of the CI's own tokens the model's commands may see. */
    public static final ValueOption<String> EXPOSE = ValueOption.text(
            "--expose",
            "EXPOSE",
            "NAME[,NAME…]",
            "Variables that the commands which the model runs may see, though they hold a token of the CI, such as"
                    + " GITHUB_TOKEN; default: none.");

    /** Codex's settings. */
    public static final ValueOption<Path> CODEX_CONFIG =
            ValueOption.path("--codex-config", "CODEX_CONFIG", "FILE", "A config.toml to bring along.");

    /** Output for machines. */
    public static final Flag JSON = new Flag("--json", "Print one JSON object on stdout.");

    private Options() {}
}
