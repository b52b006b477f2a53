package io.github.codexauth.broker;

import io.github.codexauth.SecretText;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Map;
import java.util.Optional;

/** A broker in a process of its own, in front of the model server whose address is the argument. */
final class BrokeringProcess {
    private BrokeringProcess() {}

    public static void main(String[] args) throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        Upstream elsewhere = Upstream.account(URI.create("http://127.0.0.1:9"), "it");
        Broker.Opened broker = Broker.open(
                SecretText.of("placeholder"),
                Bearers.only(SecretText.of("real")),
                new Outward(client, Map.of()),
                new Broker.Upstreams(
                        Map.of("it", Upstream.models(URI.create(args[0]), "it")), elsewhere, Optional.empty()));
        System.out.println(broker.addresses().models().get("it"));
        System.in.read();
        broker.broker().close();
    }
}
