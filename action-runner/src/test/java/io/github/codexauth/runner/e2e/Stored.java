package io.github.codexauth.runner.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is in a machine's store, read without our own code. */
final class Stored {
    private Stored() {}

    static String refreshToken(Cli cli) {
        return authJson(cli).path("tokens").path("refresh_token").asText();
    }

    static JsonNode authJson(Cli cli) {
        return read(cli.storeFolder().resolve("credentials/ci/current.json"));
    }

    static long generation(Cli cli) {
        try {
            return new JsonMapper()
                    .readTree(Files.readAllBytes(cli.storeFolder().resolve("credentials/ci/current.json")))
                    .path("generation")
                    .asLong();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode read(Path record) {
        try {
            JsonMapper mapper = new JsonMapper();
            return mapper.readTree(
                    mapper.readTree(Files.readAllBytes(record)).path("authJson").binaryValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
