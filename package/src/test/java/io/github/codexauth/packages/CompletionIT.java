package io.github.codexauth.packages;

import static io.github.codexauth.packages.Release.assertSuccess;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.testing.Requirement;
import io.github.codexauth.testing.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the packages bring for shells and for man, in the real shells and formatters. */
class CompletionIT {
    @TempDir
    private Path folder;

    private Path share;

    @BeforeEach
    void unpacked() {
        share = Release.unpackedIn(folder).resolve("share");
    }

    @ParameterizedTest
    @CsvSource({"keyg, keygen", "run --poo, --pool", "completion z, zsh"})
    void bashCompletes(String typed, String completed) {
        String words = assertSuccess(
                "bash",
                "-c",
                "source \"$0\"; COMP_WORDS=(codex-auth $1); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _complete_codex-auth;"
                        + " echo \"${COMPREPLY[@]}\"",
                share.resolve("bash-completion/completions/codex-auth").toString(),
                typed);

        assertThat(words.strip()).isEqualTo(completed);
    }

    @ParameterizedTest
    @CsvSource({"keyg, keygen", "run --poo, --pool", "completion z, zsh", "run --debug -- tru, true"})
    void fishCompletes(String typed, String completed) {
        String words = assertSuccess(
                needed("fish"),
                "--no-config",
                "-c",
                "source $argv[1]; complete -C \"codex-auth $argv[2]\"",
                share.resolve("fish/vendor_completions.d/codex-auth.fish").toString(),
                typed);

        assertThat(words.lines().map(line -> line.replaceFirst("\t.*", ""))).contains(completed);
    }

    /** zsh completes only for somebody at a terminal: so one zsh types into another, whose line it is then shown. */
    @ParameterizedTest
    @CsvSource({
        "keyg, codex-auth keygen",
        "run --poo, codex-auth run --pool=",
        "completion z, codex-auth completion zsh"
    })
    void zshCompletes(String typed, String completed) {
        Result result = Release.run(
                Map.of("TERM", "xterm", "HOME", folder.toString()),
                "timeout",
                "60",
                needed("zsh"),
                "-f",
                "-c",
                """
                        zmodload zsh/zpty
                        zpty terminal 'zsh -f -i'
                        zpty -w terminal "fpath=($1 \\$fpath); autoload -U compinit; compinit -u -D"
                        zpty -w terminal "show() { print -r -- \\"<\\$BUFFER>\\" }; zle -N show; bindkey '^X' show"
                        zpty -w -n terminal "codex-auth $2"$'\\t\\x18'
                        zpty -r -m terminal seen '*<codex*>*'
                        print -r -- "$seen"
                        zpty -d terminal
                        """,
                "zsh",
                share.resolve("zsh/site-functions").toString(),
                typed);

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).containsPattern("<" + completed + " ?>");
    }

    @Test
    void theManPageIsWhatFormattersExpectAndSaysWhatHelpSays() {
        String page = share.resolve("man/man1/codex-auth.1.gz").toString();
        Result groff =
                Release.run(Map.of(), "sh", "-c", "zcat \"$0\" | groff -man -ww -b -Tutf8 -P-cbou -rLL=100n", page);
        Result mandoc =
                Release.run(Map.of(), "sh", "-c", "zcat \"$0\" | " + needed("mandoc") + " -T lint -W error", page);

        assertThat(groff.err()).isEmpty();
        assertThat(groff.out()).contains("keepalive", "--age-recipient=", "EXIT STATUS", "the job is not trusted");
        assertThat(mandoc.exitCode()).as(mandoc.toString()).isZero();
    }

    private static String needed(String program) {
        if (!Files.isExecutable(Path.of("/usr/bin", program))) {
            throw Requirement.isMissing(program + " is missing: apt-get install " + program);
        }
        return "/usr/bin/" + program;
    }
}
