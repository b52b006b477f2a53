package io.github.codexauth.packages;

import static io.github.codexauth.packages.Release.assertSuccess;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What git keeps of this project, in a repository of the test's own. */
final class Sources {
    private Sources() {}

    /** They are added there, and not committed. */
    static Path copiedTo(Path folder) throws IOException {
        Path copy = Files.createDirectory(folder);
        assertSuccess(
                "sh",
                "-c",
                "cd \"$0\" && git -c 'safe.directory=*' ls-files -z | xargs -0 cp --parents -t \"$1\" && cd \"$1\" && git init -q && git add .",
                Release.REPOSITORY.toString(),
                copy.toString());
        return copy;
    }

    static String git(Path repository, String... words) {
        List<String> command = new ArrayList<>(
                List.of("git", "-C", repository.toString(), "-c", "user.name=a", "-c", "user.email=a@b"));
        command.addAll(List.of(words));
        return assertSuccess(command.toArray(String[]::new));
    }
}
