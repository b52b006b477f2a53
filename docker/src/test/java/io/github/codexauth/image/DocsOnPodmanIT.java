package io.github.codexauth.image;

/** The same blocks of the same pages, for people to whom {@code docker} is podman. */
class DocsOnPodmanIT extends DocsIT {
    @Override
    Engine engine() {
        return Podman.withImage();
    }

    @Override
    String program() {
        return "podman";
    }
}
