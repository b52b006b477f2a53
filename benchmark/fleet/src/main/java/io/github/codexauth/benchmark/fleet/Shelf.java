package io.github.codexauth.benchmark.fleet;

import io.github.codexauth.CredentialId;
import io.github.codexauth.stores.kubernetes.StoresForBenchmarks;
import io.github.codexauth.stores.postgresql.RealPostgresql;
import io.github.codexauth.stores.vault.VaultStandIn;
import io.github.codexauth.store.CredentialStore;
import io.github.codexauth.store.file.FileCredentialStore;
import io.github.codexauth.testing.RealKubernetes;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** Where logins are stored: a server or a folder of the benchmark's own, and more and more of them in it. */
interface Shelf {
    String name();

    /** The store as a job opens it. */
    CredentialStore open() throws Exception;

    /** Stores a login again under other names, from number {@code first} to before {@code end}. */
    void copy(CredentialId id, int first, int end) throws Exception;

    record Folder(Path folder) implements Shelf {
        @Override
        public String name() {
            return "`file:`";
        }

        @Override
        public CredentialStore open() throws Exception {
            return FileCredentialStore.createIn(folder, Clock.systemUTC());
        }

        @Override
        public void copy(CredentialId id, int first, int end) throws IOException {
            Path original = folder.resolve("credentials").resolve(id.value());
            for (int number = first; number < end; number++) {
                Path copy = Files.createDirectory(original.resolveSibling("other." + number));
                try (DirectoryStream<Path> files = Files.newDirectoryStream(original)) {
                    for (Path file : files) {
                        Files.copy(file, copy.resolve(file.getFileName()));
                    }
                }
            }
        }
    }

    record Postgresql(RealPostgresql server) implements Shelf {
        @Override
        public String name() {
            return "`postgresql:`";
        }

        @Override
        public CredentialStore open() {
            return io.github.codexauth.stores.postgresql.StoresForBenchmarks.open(server);
        }

        @Override
        public void copy(CredentialId id, int first, int end) {
            server.admin(
                    "codex",
                    "INSERT INTO codex_auth.credential (id, record) SELECT 'other.' || n, (SELECT record FROM"
                            + " codex_auth.credential WHERE id = '" + id + "') FROM generate_series(" + first + ", "
                            + (end - 1) + ") AS n");
            server.admin("codex", "ANALYZE codex_auth.credential");
        }
    }

    record Cluster(RealKubernetes cluster, String namespace) implements Shelf {
        @Override
        public String name() {
            return "`k8s:`";
        }

        @Override
        public CredentialStore open() {
            return StoresForBenchmarks.open(cluster, namespace);
        }

        @Override
        public void copy(CredentialId id, int first, int end) {
            StoresForBenchmarks.copy(cluster, namespace, id, first, end);
        }
    }

    record Vault(VaultStandIn server) implements Shelf {
        @Override
        public String name() {
            return "`vault:` (a stand-in)";
        }

        @Override
        public CredentialStore open() {
            return io.github.codexauth.stores.vault.StoresForBenchmarks.open(server);
        }

        @Override
        public void copy(CredentialId id, int first, int end) {
            io.github.codexauth.stores.vault.StoresForBenchmarks.copy(server, id, first, end);
        }
    }
}
