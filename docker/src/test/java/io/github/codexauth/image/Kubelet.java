package io.github.codexauth.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.codexauth.testing.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs the pod of a manifest as a kubelet does: its users, its capabilities, and its volumes with the modes that the
 * kubelet gives them. Source: kubernetes, pkg/volume/volume_linux.go, util/atomic_writer.go and emptydir.
 */
final class Kubelet {
    private static final int READ_WRITE = 0660;
    private static final int READ_ONLY = 0440;
    private static final int FOLDER = 02110;
    private static final String SERVICE_ACCOUNT = "service account";
    static final String SERVICE_ACCOUNT_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

    private final Engine engine;
    private final String name;
    /** Where volumes lie on this node. */
    private final Path node;
    /** What secrets, and volumes that outlive a pod, hold. */
    private final Map<String, Path> claims = new HashMap<>();

    private final Map<String, Map<String, String>> files = new HashMap<>();
    private final List<String> more;

    /** @param more what the test needs on top: the way to the stand-in */
    Kubelet(Engine engine, String name, Path node, List<String> more) {
        this.engine = engine;
        this.name = name;
        this.node = node;
        this.more = List.copyOf(more);
    }

    /** Makes a Secret, a ConfigMap, or what a service account has, known. */
    Kubelet with(String name, String file, String content) {
        files.computeIfAbsent(name, fresh -> new HashMap<>()).put(file, content);
        return this;
    }

    /** Runs the pod of a Job or CronJob to its end; the result of the first container that fails, else of the last. */
    Result run(Path manifest) {
        List<JsonNode> documents = read(manifest);
        documents.stream()
                .filter(document -> document.path("kind").asText().equals("ConfigMap"))
                .forEach(map -> map.path("data")
                        .fields()
                        .forEachRemaining(file -> with(
                                map.at("/metadata/name").asText(),
                                file.getKey(),
                                file.getValue().asText())));
        JsonNode job = documents.stream()
                .filter(document -> document.path("kind").asText().endsWith("Job"))
                .findFirst()
                .orElseThrow();
        JsonNode spec = job.path("kind").asText().equals("Job")
                ? job.at("/spec/template/spec")
                : job.at("/spec/jobTemplate/spec/template/spec");
        Map<String, Path> volumes = new HashMap<>();
        spec.path("volumes").forEach(volume -> volumes.put(volume.path("name").asText(), mount(volume, spec)));
        if (spec.path("automountServiceAccountToken").asBoolean()) {
            volumes.put(SERVICE_ACCOUNT, serviceAccount(spec));
        }
        Result result = null;
        for (String kind : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(kind)) {
                if (result == null || result.exitCode() == 0) {
                    result = start(container, spec, volumes);
                }
            }
        }
        if (result == null) {
            throw new AssertionError(manifest + " has no container");
        }
        return result;
    }

    private Result start(JsonNode container, JsonNode spec, Map<String, Path> volumes) {
        JsonNode pod = spec.path("securityContext");
        JsonNode own = container.path("securityContext");
        List<String> command = new ArrayList<>(List.of("run", "--rm", "--no-healthcheck", "--name", name));
        command.add("--user=" + pod.path("runAsUser").asInt() + ":"
                + pod.path("runAsGroup").asInt());
        command.add("--group-add=" + pod.path("fsGroup").asInt());
        if (own.path("readOnlyRootFilesystem").asBoolean()) {
            command.add("--read-only");
        }
        if (!own.path("allowPrivilegeEscalation").asBoolean(true)) {
            command.add("--security-opt=no-new-privileges");
        }
        own.at("/capabilities/drop").forEach(capability -> command.add("--cap-drop=" + capability.asText()));
        if (pod.at("/seccompProfile/type").asText().equals("Localhost")) {
            command.add("--security-opt=seccomp=/usr/share/containers/seccomp.json");
        }
        container
                .path("env")
                .forEach(
                        variable -> command.add("--env=" + variable.path("name").asText() + "="
                                + variable.path("value").asText()));
        if (spec.path("automountServiceAccountToken").asBoolean()) {
            command.add("--volume=" + volumes.get(SERVICE_ACCOUNT) + ":" + SERVICE_ACCOUNT_FOLDER + ":ro");
        }
        container.path("volumeMounts").forEach(mount -> {
            String volume = mount.path("name").asText();
            // A kubelet mounts these so whatever the manifest says.
            boolean readOnly = mount.path("readOnly").asBoolean() || isReadOnly(spec, volume);
            command.add("--volume=" + volumes.get(volume) + ":"
                    + mount.path("mountPath").asText() + (readOnly ? ":ro" : ""));
        });
        if (container.has("workingDir")) {
            command.add("--workdir=" + container.path("workingDir").asText());
        }
        command.addAll(more);
        List<String> words = new ArrayList<>();
        container.path("command").forEach(word -> words.add(word.asText()));
        if (!words.isEmpty()) {
            command.add("--entrypoint=" + words.remove(0));
        }
        container.path("args").forEach(word -> words.add(word.asText()));
        command.add(engine.image());
        command.addAll(words);
        return engine.start(command).result();
    }

    private static boolean isReadOnly(JsonNode spec, String volume) {
        for (JsonNode candidate : spec.path("volumes")) {
            if (candidate.path("name").asText().equals(volume)) {
                return candidate.has("configMap") || candidate.has("secret");
            }
        }
        return false;
    }

    /** What a pod needs to speak to the API server. */
    private Path serviceAccount(JsonNode spec) {
        try {
            return atomicVolume(
                    spec.path("serviceAccountName").asText(),
                    0600,
                    spec.at("/securityContext/fsGroup").asInt());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path mount(JsonNode volume, JsonNode spec) {
        int group = spec.at("/securityContext/fsGroup").asInt();
        try {
            if (volume.has("persistentVolumeClaim")) {
                Path claim = claims.computeIfAbsent(
                        volume.at("/persistentVolumeClaim/claimName").asText(), name -> make(0755));
                // Also where the driver of a volume knows no OnRootMismatch.
                give(claim, group, READ_WRITE);
                return claim;
            }
            if (volume.has("emptyDir")) {
                Path folder = make(0777);
                give(folder, group, READ_WRITE);
                return folder;
            }
            JsonNode source = volume.has("secret") ? volume.path("secret") : volume.path("configMap");
            String name = source.has("secretName")
                    ? source.path("secretName").asText()
                    : source.path("name").asText();
            // YAML reads 0440 as octal, as Kubernetes does.
            return atomicVolume(name, source.path("defaultMode").asInt(0644), group);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What is updated in one step: files in a folder with a time in its name, a link to that, and links to the files.
     */
    private Path atomicVolume(String source, int mode, int group) throws IOException {
        Path folder = make(0777);
        Path dated = Files.createDirectory(folder.resolve("..2026_11_27_03_00_00.1234567890"));
        Files.setAttribute(dated, "unix:mode", 0755);
        for (Map.Entry<String, String> file :
                files.getOrDefault(source, Map.of()).entrySet()) {
            Path path = Files.writeString(dated.resolve(file.getKey()), file.getValue());
            Files.setAttribute(path, "unix:mode", mode);
        }
        give(folder, group, READ_ONLY);
        Files.createSymbolicLink(folder.resolve("..data"), dated.getFileName());
        for (String file : files.getOrDefault(source, Map.of()).keySet()) {
            Files.createSymbolicLink(folder.resolve(file), Path.of("..data", file));
        }
        return folder;
    }

    /** The kubelet's SetVolumeOwnership. */
    private static void give(Path volume, int group, int rights) throws IOException {
        try (Stream<Path> all = Files.walk(volume)) {
            for (Path path : all.toList()) {
                int mode = (Integer) Files.getAttribute(path, "unix:mode") & 07777;
                Files.setAttribute(path, "unix:gid", group);
                Files.setAttribute(path, "unix:mode", mode | rights | (Files.isDirectory(path) ? FOLDER : 0));
            }
        }
    }

    private Path make(int mode) {
        try {
            Path folder = Files.createTempDirectory(node, "volume");
            Files.setAttribute(folder, "unix:mode", mode);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<JsonNode> read(Path manifest) {
        YAMLMapper mapper = new YAMLMapper();
        try (MappingIterator<JsonNode> documents =
                mapper.readerFor(JsonNode.class).readValues(manifest.toFile())) {
            List<JsonNode> all = documents.readAll();
            assertThat(all).isNotEmpty();
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
