package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

/** A job, or what a model runs in it, that goes for the store, the secrets and the helper. */
final class HostileJob {
    /**
     * Each line ends with a word that is there only if it succeeded. Nothing of it would be stopped by a sandbox alone.
     */
    static final String SCRIPT = """
            echo begin
            id -u
            cat /var/lib/codex-auth/store/store.json > /dev/null 2>&1 && echo FOUND-store
            ls /var/lib/codex-auth/store > /dev/null 2>&1 && echo FOUND-listing
            cat /var/lib/codex-auth/store/credentials/*/*.json 2> /dev/null && echo FOUND-login
            mv /var/lib/codex-auth/store /var/lib/codex-auth/mine 2> /dev/null && echo FOUND-other-store
            mv /home/codex/.local/state/codex-auth /tmp/mine 2> /dev/null && echo FOUND-other-state
            cat /run/secrets/* 2> /dev/null && echo FOUND-secret
            cat /run/secrets/codex 2> /dev/null && echo FOUND-named-secret
            for process in /proc/[0-9]*; do
              if [ "$(sed -n 's/^Uid:.\\([0-9]*\\).*/\\1/p' $process/status 2> /dev/null)" != "$(id -u)" ]; then
                cat $process/environ > /dev/null 2>&1 && echo FOUND-environ
                head -c 1 $process/mem > /dev/null 2>&1 && echo FOUND-memory
                ls $process/fd > /dev/null 2>&1 && echo FOUND-descriptors
                ls $process/root/ > /dev/null 2>&1 && echo FOUND-root
                kill -0 ${process#/proc/} 2> /dev/null && echo FOUND-signal
              fi
            done
            setpriv --reuid 10001 --regid 10001 --clear-groups true 2> /dev/null && echo FOUND-helper
            setpriv --reuid 0 true 2> /dev/null && echo FOUND-root-user
            grep -E '^Cap(Inh|Prm|Eff|Amb).*[1-9a-f]$' /proc/self/status && echo FOUND-capability
            (echo x >> /usr/local/bin/codex-auth) 2> /dev/null && echo FOUND-program
            echo end
            """;

    private HostileJob() {}

    static void foundNothing(String output) {
        assertThat(output).contains("begin\n", "1234\n", "end").doesNotContain("FOUND");
    }
}
