package io.github.codexauth.stores.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpsServer;
import io.github.codexauth.testing.OwnAuthority;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a server's certificate, where a store is reached over HTTPS. */
class CertificateFaultTest {
    @TempDir
    private Path folder;

    private static Failure ask(HttpsServer server, String host, Path authority) {
        HttpCalls calls = new HttpCalls(new Unreached("the server", "curl", Optional.of(authority)));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://" + host + ":" + server.getAddress().getPort() + "/"))
                .build();
        return assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> calls.send(request))
                .actual();
    }

    private static void assertRefused(Failure failure, String problem) {
        assertThat(failure.kind()).isEqualTo(Failure.Kind.REFUSED);
        assertThat(failure.told().problem()).isEqualTo(problem);
    }

    @Test
    void isNamedByWhatIsWrongWithIt() throws Exception {
        OwnAuthority own = OwnAuthority.in(folder);
        Path other =
                OwnAuthority.in(Files.createDirectory(folder.resolve("other"))).bundle();
        HttpsServer server = own.startServer();
        try {
            assertRefused(ask(server, "localhost", own.bundle()), "the server shows a certificate for another name");
            assertRefused(ask(server, "127.0.0.1", other), "the server shows a certificate that is not trusted here");
            assertRefused(
                    ask(server, "127.0.0.1", folder.resolve("no.pem")), folder.resolve("no.pem") + " does not exist");
        } finally {
            server.stop(0);
        }
    }
}
