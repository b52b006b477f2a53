package io.github.codexauth.image;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import java.nio.file.Path;
import java.util.Set;

/**
 * The build's last step: {@code BuildImage LAYERS BASE TARGET VERSION SBOM CODEX}.
 *
 * <ul>
 *   <li>{@code LAYERS}: what {@code src/image/assemble} laid out;
 *   <li>{@code BASE}: {@code tar:FILE}, or the reference of an image in a registry, by digest;
 *   <li>{@code TARGET}: {@code tar:FILE}, or the reference to push to, with the credentials that {@code docker login}
 *       left.
 *   <li>{@code SBOM}: what the jar is made of, as Maven listed it.
 *   <li>{@code CODEX}: {@code with}, or {@code without} for an image in which Codex is to be put by its users.
 * </ul>
 */
public final class BuildImage {
    private static final String TAR = "tar:";
    private static final String NAME = "codex-auth";

    private BuildImage() {}

    public static void main(String[] args) throws Exception {
        ImageLayers layers = ImageLayers.in(Path.of(args[0]));
        if (args[5].equals("without")) {
            layers = layers.withoutCodex();
        }
        layers.describe(Sbom.ofImage(NAME, args[3]).withJar(Path.of(args[4])));
        JibContainerBuilder image = from(args[1], layers.architecture());
        layers.all().forEach(image::addFileEntriesLayer);
        ImageConfig.apply(image, args[3], layers);

        JibContainer built = image.containerize(to(args[2], args[3])
                .setToolName(NAME)
                .setAllowInsecureRegistries(isOnLoopback(args[2]))
                .setApplicationLayersCache(Path.of(args[0], "cache"))
                .setBaseImageLayersCache(Path.of(args[0], "cache")));
        System.out.println(built.getTargetImage() + " " + built.getImageId());
    }

    private static JibContainerBuilder from(String base, String architecture) throws InvalidImageReferenceException {
        if (base.startsWith(TAR)) {
            return Jib.from(TarImage.at(Path.of(base.substring(TAR.length()))));
        }
        return Jib.from(RegistryImage.named(base)).setPlatforms(Set.of(new Platform(architecture, "linux")));
    }

    /** Whose traffic leaves no machine, and needs no TLS; Docker has the same rule. */
    private static boolean isOnLoopback(String target) {
        return target.matches("(localhost|127\\.[0-9.]+):[0-9]+/.*");
    }

    private static Containerizer to(String target, String version) throws InvalidImageReferenceException {
        if (target.startsWith(TAR)) {
            // The name without a version is what the docs say; a registry's is moved by hand.
            return Containerizer.to(
                            TarImage.at(Path.of(target.substring(TAR.length()))).named(NAME + ":" + version))
                    .withAdditionalTag("latest");
        }
        RegistryImage registry = RegistryImage.named(target);
        return Containerizer.to(registry.addCredentialRetriever(
                CredentialRetrieverFactory.forImage(ImageReference.parse(target), event -> {})
                        .dockerConfig()));
    }
}
