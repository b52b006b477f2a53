package io.github.codexauth.runner.storage.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.SecretText;
import io.github.codexauth.runner.storage.remote.Failure;
import io.github.codexauth.store.StoreUnavailableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Calls to the API server of one cluster, about the objects of one namespace. Each has a time limit, sends the token
 * as it is then, and reads an answer only so far; what the server says in words is not repeated. Safe for use by
 * several threads.
 */
final class ApiServer {
    /** For each call. */
    private static final Duration LIMIT = Duration.ofSeconds(3);

    /** A Secret has 1 MiB at most, which base64 and what is known of its fields make longer. */
    private static final int LONGEST = 4 * 1024 * 1024;

    private static final int LONGEST_EVENT = 64 * 1024;
    private static final int LONGEST_AUTHORITY = 1024 * 1024;

    /** Objects in one answer. */
    private static final int PAGE = 500;

    private static final String DRY_RUN = "?dryRun=All";

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(100)
                            .maxStringLength(LONGEST)
                            .build())
                    .build())
            .build();

    private final ClusterAddress address;
    private final Token token;
    private final Refusals refusals;
    private volatile @Nullable HttpClient client;

    ApiServer(ClusterAddress address, Token token) {
        this.address = address;
        this.token = token;
        this.refusals = new Refusals(address);
    }

    ClusterAddress address() {
        return address;
    }

    /** An empty object of this namespace, as {@link #create} takes it. */
    ObjectNode object(Resource resource, String name) {
        ObjectNode object = JSON.createObjectNode();
        object.put("apiVersion", resource.version()).put("kind", resource.kind());
        object.putObject("metadata").put("name", name).put("namespace", address.namespace());
        return object;
    }

    Answer get(Resource resource, String name) throws Failure {
        return call(Right.get(resource, name), "GET", path(resource, name), Optional.empty());
    }

    /** @param object with the version that it replaces */
    Answer replace(Resource resource, ObjectNode object) throws Failure {
        return replace(resource, object, "");
    }

    Answer create(Resource resource, ObjectNode object) throws Failure {
        return create(resource, object, "");
    }

    /** As {@link #replace} and {@link #create}, but for the last step: everything is judged, and nothing is changed. */
    Answer pretend(Resource resource, ObjectNode object) throws Failure {
        return object.path("metadata").has("resourceVersion")
                ? replace(resource, object, DRY_RUN)
                : create(resource, object, DRY_RUN);
    }

    private Answer replace(Resource resource, ObjectNode object, String query) throws Failure {
        String name = object.at("/metadata/name").asText();
        return call(Right.update(resource, name), "PUT", path(resource, name) + query, Optional.of(object));
    }

    private Answer create(Resource resource, ObjectNode object, String query) throws Failure {
        Answer answer =
                call(Right.create(resource), "POST", resource.path(address.namespace()) + query, Optional.of(object));
        if (answer.outcome() == Answer.Outcome.ABSENT) {
            throw refusals.noNamespace();
        }
        return answer;
    }

    /** A page of those whose labels are meant, and the word for the next one. */
    record Page(List<JsonNode> items, Instant at, Optional<String> next) {}

    /** @param page the word of the page before; empty for the first */
    Page list(Resource resource, String labels, Optional<String> page) throws Failure {
        String query = "?limit=" + PAGE + "&labelSelector=" + encode(labels)
                + page.map(word -> "&continue=" + encode(word)).orElse("");
        Answer answer = call(Right.list(resource), "GET", resource.path(address.namespace()) + query, Optional.empty());
        if (answer.outcome() != Answer.Outcome.DONE) {
            throw refusals.notThere();
        }
        List<JsonNode> items = new ArrayList<>();
        answer.body().path("items").forEach(items::add);
        return new Page(
                items,
                answer.at(),
                Optional.of(answer.body().at("/metadata/continue").asText()).filter(word -> !word.isEmpty()));
    }

    /** Asks the server whether we may do something; it refuses nobody the answer. */
    boolean may(Right right) throws Failure {
        ObjectNode review = JSON.createObjectNode();
        review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SelfSubjectAccessReview");
        ObjectNode attributes = review.putObject("spec").putObject("resourceAttributes");
        attributes
                .put("namespace", address.namespace())
                .put("verb", right.verb())
                .put("group", right.resource().group())
                .put("resource", right.resource().plural());
        right.name().ifPresent(name -> attributes.put("name", name));
        Answer answer =
                call(right, "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", Optional.of(review));
        return answer.body().at("/status/allowed").asBoolean();
    }

    /**
     * Waits until an object changes into something that is waited for.
     *
     * @param version of the object, from which on changes count
     * @param time how long at most
     * @throws Failure if it cannot be watched, or not from that version on
     */
    void watch(Resource resource, String name, String version, Duration time, Predicate<JsonNode> awaited)
            throws Failure, InterruptedException {
        String query = "?watch=1&fieldSelector=" + encode("metadata.name=" + name) + "&resourceVersion="
                + encode(version) + "&timeoutSeconds=" + Math.max(1, time.toSeconds());
        Right right = Right.watch(resource, name);
        HttpRequest request =
                request(right, "GET", resource.path(address.namespace()) + query, BodyPublishers.noBody(), token());
        CompletableFuture<HttpResponse<byte[]>> answer = client().sendAsync(
                        request,
                        info -> info.statusCode() == 200
                                ? BoundedBody.upToLine(LONGEST_EVENT, line -> isAwaited(line, awaited))
                                : BoundedBody.upTo(LONGEST));
        try {
            int status = answer.get(time.plus(LIMIT).toMillis(), TimeUnit.MILLISECONDS)
                    .statusCode();
            if (status != 200) {
                throw refusals.answered(status, Duration.ZERO, right);
            }
        } catch (TimeoutException e) {
            throw refusals.silent();
        } catch (ExecutionException e) {
            throw refusals.failed(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    /** An event that cannot be read is a reason to look, as is the server's word that it knows that version no more. */
    private static boolean isAwaited(byte[] line, Predicate<JsonNode> awaited) {
        try {
            JsonNode event = JSON.readTree(line);
            return !event.path("type").asText().matches("ADDED|MODIFIED|BOOKMARK")
                    || awaited.test(event.path("object"));
        } catch (IOException unreadable) {
            return true;
        }
    }

    private Answer call(Right right, String method, String path, Optional<ObjectNode> body) throws Failure {
        BodyPublisher content = body.isPresent()
                ? BodyPublishers.ofByteArray(body.get().toString().getBytes(StandardCharsets.UTF_8))
                : BodyPublishers.noBody();
        SecretText ours = token();
        HttpResponse<byte[]> response = send(request(right, method, path, content, ours));
        if (response.statusCode() == 401) {
            SecretText replaced = token();
            if (!replaced.reveal().equals(ours.reveal())) {
                response = send(request(right, method, path, content, replaced));
            }
        }
        return answer(right, response);
    }

    private Answer answer(Right right, HttpResponse<byte[]> response) throws Failure {
        int status = response.statusCode();
        ObjectNode body = body(response.body());
        String reason = body.path("reason").asText();
        if (status == 200 || status == 201) {
            if (!body.has("kind")) {
                throw refusals.notThere();
            }
            return new Answer(Answer.Outcome.DONE, body, date(response));
        }
        if (status == 404 && reason.equals("NotFound")) {
            return new Answer(Answer.Outcome.ABSENT, body, date(response));
        }
        if (status == 409 && (reason.equals("Conflict") || reason.equals("AlreadyExists"))) {
            return new Answer(Answer.Outcome.CHANGED, body, date(response));
        }
        throw refusals.answered(status, retryAfter(response), right);
    }

    private static ObjectNode body(byte[] bytes) {
        try {
            if (JSON.readTree(bytes) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException quoted) {
            return JSON.createObjectNode();
        }
        return JSON.createObjectNode();
    }

    private Instant date(HttpResponse<byte[]> response) throws Failure {
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME.parse(
                    response.headers().firstValue("date").orElse(""), Instant::from);
        } catch (DateTimeException none) {
            throw refusals.notThere();
        }
    }

    private static Duration retryAfter(HttpResponse<byte[]> response) {
        return response.headers()
                .firstValue("retry-after")
                .filter(text -> text.matches("[0-9]{1,4}"))
                .map(Long::parseLong)
                .map(Duration::ofSeconds)
                .orElse(Duration.ZERO);
    }

    private SecretText token() throws Failure {
        try {
            return token.read();
        } catch (StoreUnavailableException e) {
            throw new Failure(Failure.Kind.REFUSED, e);
        }
    }

    private HttpRequest request(Right right, String method, String path, BodyPublisher content, SecretText ours) {
        return HttpRequest.newBuilder(URI.create(address.server() + path))
                .header("Authorization", "Bearer " + ours.reveal())
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .header("User-Agent", "codex-auth")
                .method(method, content)
                .build();
    }

    /** An interrupt must not cut off what saves a login, and is left for later. */
    private HttpResponse<byte[]> send(HttpRequest request) throws Failure {
        CompletableFuture<HttpResponse<byte[]>> answer = client().sendAsync(request, info -> BoundedBody.upTo(LONGEST));
        long end = System.nanoTime() + LIMIT.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException e) {
            throw refusals.silent();
        } catch (ExecutionException e) {
            if (Refusals.isAboutCertificates(e)) {
                // The authority's file may be another by now.
                client = null;
            }
            throw refusals.failed(e.getCause());
        } finally {
            answer.cancel(true);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private HttpClient client() throws Failure {
        @Nullable HttpClient known = client;
        if (known == null) {
            known = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(LIMIT)
                    .proxy(HttpClient.Builder.NO_PROXY)
                    .sslContext(context())
                    .build();
            client = known;
        }
        return known;
    }

    /** Whose certificates are believed: those of the authority that is named, and no others. */
    private SSLContext context() throws Failure {
        try {
            if (address.authority().isEmpty()) {
                return SSLContext.getDefault();
            }
            KeyStore believed = KeyStore.getInstance(KeyStore.getDefaultType());
            believed.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates(address.authority().get())) {
                believed.setCertificateEntry("authority-" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(believed);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw refusals.noAuthority();
        }
    }

    private static List<Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LONGEST_AUTHORITY);
            return List.copyOf(
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes)));
        }
    }

    private String path(Resource resource, String name) {
        return resource.path(address.namespace()) + "/" + encode(name);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
