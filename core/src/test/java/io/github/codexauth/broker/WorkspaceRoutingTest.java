package io.github.codexauth.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.codexauth.SecretText;
import io.github.codexauth.testing.OwnAuthority;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where model calls of an account go whose workspace wants them somewhere; the answers are of the shape of OpenAI's.
 */
class WorkspaceRoutingTest {
    private static final SecretText PLACEHOLDER = SecretText.of("placeholder");

    private final List<String> seen = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private HttpServer usual;
    private HttpsServer workspaces;
    private HttpClient client;
    private Broker.Opened broker;
    private volatile String answer = "{}";
    private volatile int status = 200;

    @BeforeEach
    void twoServersAndABroker() throws Exception {
        OwnAuthority authority = OwnAuthority.in(folder);
        usual = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        workspaces = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        workspaces.setHttpsConfigurator(new HttpsConfigurator(authority.serverContext()));
        serve(usual, "usual");
        serve(workspaces, "workspace's");
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(authority.clientContext())
                .build();
        URI base = URI.create("http://127.0.0.1:" + usual.getAddress().getPort() + "/backend-api");
        broker = Broker.open(
                PLACEHOLDER,
                Bearers.only(SecretText.of("real")),
                new Outward(client, Map.of()),
                new Broker.Upstreams(
                        Map.of("codex", Upstream.models(URI.create(base + "/codex"), "it")),
                        Upstream.account(base, "it"),
                        Optional.empty()));
    }

    @AfterEach
    void close() {
        broker.broker().close();
        usual.stop(0);
        workspaces.stop(0);
    }

    private void serve(HttpServer server, String name) {
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().toString();
            seen.add(name + " " + path + " " + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + exchange.getRequestHeaders().getFirst("x-openai-account-routing-override"));
            byte[] body = (path.endsWith("/accounts/check") ? answer : "{}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(path.endsWith("/accounts/check") ? status : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @Test
    void callsGoWhereTheWorkspaceWantsThemAndAreAskedAboutOnce() throws Exception {
        answer = accounts("https://127.0.0.1:" + workspaces.getAddress().getPort(), "us");

        call("acc-1");
        call("acc-1");

        assertThat(seen)
                .containsExactly(
                        "usual /backend-api/wham/accounts/check Bearer real null",
                        "workspace's /backend-api/codex/responses?x=1 Bearer real us",
                        "workspace's /backend-api/codex/responses?x=1 Bearer real us");
    }

    @Test
    void theOlderShapeOfTheAnswerCountsToo() throws Exception {
        answer = "{\"accounts\":{\"acc-1\":{\"account\":{\"account_id\":\"acc-1\",\"workspace_backend_origin\":"
                + "\"https://127.0.0.1:" + workspaces.getAddress().getPort()
                + "\",\"account_routing_override\":\"NO_CONSTRAINT\"}}}}";

        call("acc-1");

        assertThat(seen).last().isEqualTo("workspace's /backend-api/codex/responses?x=1 Bearer real null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NO_CONSTRAINT",
                "http://127.0.0.1:1",
                "https://user@elsewhere.example",
                "https://elsewhere.example/path",
                "https://elsewhere.example/?q",
                "elsewhere.example"
            })
    void whatIsNoOriginThatNobodyReadsAlongIsNotFollowed(String origin) throws Exception {
        answer = accounts(origin, "NO_CONSTRAINT");

        call("acc-1");

        assertThat(seen).last().isEqualTo("usual /backend-api/codex/responses?x=1 Bearer real null");
    }

    @Test
    void anotherAccountsWishIsNotOurs() throws Exception {
        answer = accounts("https://127.0.0.1:1", "us");

        call("acc-2");

        assertThat(seen).last().isEqualTo("usual /backend-api/codex/responses?x=1 Bearer real null");
    }

    @Test
    void anAnswerThatDoesNotComeIsAskedForAgain() throws Exception {
        status = 503;
        call("acc-1");
        status = 200;
        answer = accounts("https://127.0.0.1:" + workspaces.getAddress().getPort(), "NO_CONSTRAINT");
        call("acc-1");

        assertThat(seen)
                .extracting(each -> each.replaceAll(" .*", ""))
                .containsExactly("usual", "usual", "usual", "workspace's");
    }

    private static String accounts(String origin, String override) {
        return "{\"accounts\":[{\"id\":\"acc-1\",\"workspace_backend_origin\":\"" + origin
                + "\",\"account_routing_override\":\"" + override + "\"}]}";
    }

    private void call(String account) throws Exception {
        client.send(
                HttpRequest.newBuilder(URI.create(broker.addresses().models().get("codex") + "/responses?x=1"))
                        .header("Authorization", "Bearer placeholder")
                        .header("chatgpt-account-id", account)
                        .POST(BodyPublishers.ofString("{}"))
                        .build(),
                BodyHandlers.discarding());
    }
}
