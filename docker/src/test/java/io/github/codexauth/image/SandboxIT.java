package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.codexauth.testing.Result;
import org.junit.jupiter.api.Test;

/** Codex's own sandbox in the container, and what doctor says about it. */
class SandboxIT extends InContainers {
    @Test
    void itConfinesUnderTheDefaultSeccompProfileAndTheHardenedFlags() {
        Result result = box().run("doctor");

        assertThat(result.out()).contains("ok      Codex's sandbox confines what the model runs");
    }

    @Test
    void aProfileWithoutNamespacesIsFoundAndTheFlagNamed() {
        // What Docker's default profile refuses to a process without capabilities.
        write("no-namespaces.json", """
                {
                  "defaultAction": "SCMP_ACT_ALLOW",
                  "syscalls": [
                    {"names": ["unshare", "mount", "umount2", "pivot_root"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1},
                    {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38},
                    {"names": ["clone"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1,
                     "args": [{"index": 0, "value": 268435456, "valueTwo": 268435456, "op": "SCMP_CMP_MASKED_EQ"}]}
                  ]
                }
                """, "rw-r--r--");

        Result result = box().with("--security-opt=seccomp=" + folder.resolve("no-namespaces.json"))
                .run("doctor");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(78);
        assertThat(result.out())
                .contains("wrong   Codex's sandbox does not work here")
                .contains("docker run --security-opt seccomp=FILE");
    }

    @Test
    void aReadOnlyContainerWithoutATemporaryFolderIsFound() {
        Result result = withMachine(
                        Box.plain(engine, name).with("--read-only", "--read-only-tmpfs=false", "--tmpfs=/home/codex"))
                .run("doctor");

        assertThat(result.out()).contains("in a read-only container add: --tmpfs /tmp");
    }

    @Test
    void doctorSaysWhetherHelperAndJobAreTwoUsersOrOne() {
        Result two = withMachine(Box.plain(engine, name))
                .with("--volume=" + folder.resolve("checkout") + ":/workspace")
                .run("doctor");
        Result one = box().run("doctor");

        assertThat(two.out()).contains("ok      codex-auth and its jobs are two users");
        assertThat(one.out()).contains("codex-auth and its jobs are one user here (--user)");
    }
}
