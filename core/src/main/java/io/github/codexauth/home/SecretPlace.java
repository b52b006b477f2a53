package io.github.codexauth.home;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a credential lies as a file, and how an administrator's {@code deny_read} names it.
 *
 * @param patterns for the administrator's file
 * @param example a path of which it can be asked whether they are in force
 */
public record SecretPlace(List<String> patterns, Path example) {
    /** @throws NullPointerException if a pattern is null */
    public SecretPlace {
        patterns = List.copyOf(patterns);
    }

    /** Files and folders that are secret as a whole. */
    public static List<SecretPlace> at(List<Path> paths) {
        List<SecretPlace> places = new ArrayList<>();
        for (Path path : paths) {
            places.add(at(path));
        }
        return places;
    }

    /** A file or folder that is secret as a whole. */
    public static SecretPlace at(Path path) {
        Path real = real(path.toAbsolutePath().normalize());
        return new SecretPlace(List.of(real.toString()), real);
    }

    /**
     * The login in any private home, wherever in the folder that is. Its files are named, since Codex does not start in
     * a home that is denied as a whole.
     */
    public static SecretPlace inHomesOf(Path folder) {
        Path real = real(folder.toAbsolutePath().normalize());
        return new SecretPlace(
                List.of(real + "/**/auth.json", real + "/**/.auth-*"), real.resolve("id/session/home/auth.json"));
    }

    /**
     * Without links as far as there is something: Codex compares real paths, and a folder may not have been made yet.
     */
    private static Path real(Path path) {
        Path parent = path.getParent();
        try {
            return path.toRealPath();
        } catch (IOException absent) {
            return parent == null ? path : real(parent).resolve(path.getFileName());
        }
    }
}
