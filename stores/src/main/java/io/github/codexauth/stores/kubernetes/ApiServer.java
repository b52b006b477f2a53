package io.github.codexauth.stores.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.SecretText;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.BoundedBody;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.stores.remote.HttpCalls;
import io.github.codexauth.stores.remote.ServerJson;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Calls to the API server of one cluster, about the objects of one namespace. Each has a time limit, sends the token
 * as it is then, and reads an answer only so far; what the server says in words is not repeated. Safe for use by
 * several threads.
 */
final class ApiServer {
    private static final int LONGEST_EVENT = 64 * 1024;

    /** Objects in one answer. */
    private static final int PAGE = 500;

    private static final String DRY_RUN = "?dryRun=All";

    private final ClusterAddress address;
    private final Token token;
    private final Refusals refusals;
    private final HttpCalls calls;

    ApiServer(ClusterAddress address, Token token) {
        this.address = address;
        this.token = token;
        this.refusals = new Refusals(address);
        this.calls = new HttpCalls(refusals.unreached());
    }

    ClusterAddress address() {
        return address;
    }

    /** An empty object of this namespace, as {@link #create} takes it. */
    ObjectNode object(Resource resource, String name) {
        ObjectNode object = ServerJson.object();
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
        ObjectNode review = ServerJson.object();
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
        CompletableFuture<HttpResponse<byte[]>> answer = calls.client()
                .sendAsync(
                        request,
                        info -> info.statusCode() == 200
                                ? BoundedBody.upToLine(LONGEST_EVENT, line -> isAwaited(line, awaited))
                                : BoundedBody.upTo(HttpCalls.LONGEST));
        try {
            int status = answer.get(time.plus(HttpCalls.LIMIT).toMillis(), TimeUnit.MILLISECONDS)
                    .statusCode();
            if (status != 200) {
                throw refusals.answered(status, "", Duration.ZERO, right);
            }
        } catch (TimeoutException e) {
            throw refusals.unreached().silent();
        } catch (ExecutionException e) {
            throw refusals.unreached().failed(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    /** An event that cannot be read is a reason to look, as is the server's word that it knows that version no more. */
    private static boolean isAwaited(byte[] line, Predicate<JsonNode> awaited) {
        JsonNode event = ServerJson.read(line);
        return !event.path("type").asText().matches("ADDED|MODIFIED|BOOKMARK") || awaited.test(event.path("object"));
    }

    private Answer call(Right right, String method, String path, Optional<ObjectNode> body) throws Failure {
        BodyPublisher content = body.isPresent()
                ? BodyPublishers.ofByteArray(body.get().toString().getBytes(StandardCharsets.UTF_8))
                : BodyPublishers.noBody();
        SecretText ours = token();
        HttpResponse<byte[]> response = calls.send(request(right, method, path, content, ours));
        if (response.statusCode() == 401) {
            SecretText replaced = token();
            if (!replaced.reveal().equals(ours.reveal())) {
                response = calls.send(request(right, method, path, content, replaced));
            }
        }
        return answer(right, response);
    }

    private Answer answer(Right right, HttpResponse<byte[]> response) throws Failure {
        int status = response.statusCode();
        ObjectNode body = ServerJson.read(response.body());
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
        throw refusals.answered(status, body.path("message").asText(), HttpCalls.retryAfter(response), right);
    }

    private Instant date(HttpResponse<byte[]> response) throws Failure {
        return HttpCalls.date(response).orElseThrow(refusals::notThere);
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

    private String path(Resource resource, String name) {
        return resource.path(address.namespace()) + "/" + encode(name);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
