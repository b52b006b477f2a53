package io.github.codexauth.home;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.SignInMode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * Where a Codex sends its credential: to model providers with {@code requires_openai_auth}, and to ChatGPT. A provider
 * with a key of its own ({@code env_key}) gets that one, and is none of these.
 *
 * @param models by the provider's name
 * @param account ChatGPT's, {@code chatgpt_base_url}
 */
public record BaseUrls(Map<String, URI> models, URI account) {
    /**
     * In the place of the built-in provider {@code openai}. That one does not go where it is told to: since 0.169.0 the
     * account's workspace decides, and an address has to be {@code https}.
     */
    static final String PROVIDER = "codex-auth";

    private static final String BUILT_IN = "openai";
    private static final String OF_API_KEYS = "https://api.openai.com/v1";
    private static final String OF_ACCOUNTS = "https://chatgpt.com/backend-api/codex";
    private static final String CHATGPT = "https://chatgpt.com/backend-api";

    public BaseUrls {
        models = Map.copyOf(models);
    }

    static BaseUrls in(ObjectNode settings, SignInMode mode, String name) throws InvalidCodexConfigException {
        Map<String, URI> models = new LinkedHashMap<>();
        if (usesBuiltIn(settings)) {
            String usual = mode == SignInMode.API_KEY ? OF_API_KEYS : OF_ACCOUNTS;
            models.put(PROVIDER, address(settings.path("openai_base_url").asText(usual), "openai_base_url", name));
        }
        for (Map.Entry<String, JsonNode> provider :
                settings.path("model_providers").properties()) {
            if (provider.getValue().path("requires_openai_auth").asBoolean()) {
                String setting = "model_providers." + provider.getKey() + ".base_url";
                models.put(
                        provider.getKey(),
                        address(provider.getValue().path("base_url").asText(), setting, name));
            }
        }
        return new BaseUrls(
                models, address(settings.path("chatgpt_base_url").asText(CHATGPT), "chatgpt_base_url", name));
    }

    /** Makes these the addresses of the settings. */
    void putInto(ObjectNode settings) {
        settings.put("chatgpt_base_url", account.toString());
        settings.remove("openai_base_url");
        ObjectNode providers = settings.withObjectProperty("model_providers");
        models.forEach((name, address) -> {
            ObjectNode provider = providers.withObjectProperty(name);
            provider.put("base_url", address.toString()).put("supports_websockets", false);
            if (name.equals(PROVIDER)) {
                // By this name Codex knows what OpenAI's servers can do that others cannot.
                provider.put("name", "OpenAI").put("wire_api", "responses").put("requires_openai_auth", true);
            }
        });
        if (models.containsKey(PROVIDER)) {
            if (isBuiltIn(settings.path("model_provider"))) {
                settings.put("model_provider", PROVIDER);
            }
            for (JsonNode profile : settings.path("profiles")) {
                if (profile instanceof ObjectNode table
                        && table.path("model_provider").asText().equals(BUILT_IN)) {
                    table.put("model_provider", PROVIDER);
                }
            }
        }
    }

    private static boolean usesBuiltIn(ObjectNode settings) {
        return isBuiltIn(settings.path("model_provider"))
                || StreamSupport.stream(settings.path("profiles").spliterator(), false)
                        .anyMatch(profile ->
                                profile.path("model_provider").asText().equals(BUILT_IN));
    }

    private static boolean isBuiltIn(JsonNode provider) {
        return provider.isMissingNode() || provider.asText().equals(BUILT_IN);
    }

    private static URI address(String text, String setting, String name) throws InvalidCodexConfigException {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new InvalidCodexConfigException(name + ": " + setting + " is no address", "write it as https://…");
        }
    }
}
