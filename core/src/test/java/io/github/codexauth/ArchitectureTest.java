package io.github.codexauth;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.Socket;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rooms of the library and the edges between them, as docs/architecture.md draws them. */
class ArchitectureTest {
    private static final String ROOT = "io.github.codexauth";

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    /** A room, and the rooms that it may know; all of them may know the root package. */
    static Stream<Arguments> rooms() {
        return Stream.of(
                arguments("", List.of()),
                arguments("logs", List.of()),
                arguments("trust", List.of()),
                arguments("files", List.of()),
                arguments("store", List.of("files")),
                arguments("store.file", List.of("store", "files")),
                arguments("home", List.of("files")),
                arguments("codex", List.of("home", "store")),
                arguments("login", List.of("store", "trust", "files")),
                arguments("session", List.of("login", "home", "codex", "store", "trust", "files")),
                arguments("broker", List.of("files")),
                arguments("handover", List.of("broker", "session", "login", "home", "codex", "store", "files")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rooms")
    void everyRoomKnowsOnlyTheRoomsBelowIt(String room, List<String> below) {
        String[] unknown = rooms().map(other -> (String) other.get()[0])
                .filter(other -> !other.isEmpty() && !other.equals(room) && !below.contains(other))
                .map(other -> ROOT + "." + other)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(room.isEmpty() ? ROOT : ROOT + "." + room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(unknown)
                .check(classes);
    }

    @Test
    void everyPackageIsOneOfTheseRooms() {
        Set<String> packages =
                classes.stream().map(type -> type.getPackageName()).collect(Collectors.toCollection(TreeSet::new));

        assertThat(packages)
                .containsExactlyInAnyOrderElementsOf(
                        rooms().map(room -> room.get()[0].equals("") ? ROOT : ROOT + "." + room.get()[0])
                                .toList());
    }

    @Test
    void thereIsNoCycle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(classes);
    }

    /** Nobody but Codex calls OpenAI: the library has nothing to call anybody with but what repeats a Codex's calls. */
    @Test
    void onlyTheBrokerOpensConnections() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".broker")
                .should()
                .accessClassesThat()
                .resideInAnyPackage("java.net.http..", "javax.net..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(URL.class, URLConnection.class, Socket.class, SocketChannel.class)
                .check(classes);
    }

    @Test
    void theLibraryAsksForNoVariableEndsNoProcessAndPrintsNothing() {
        noClasses().should().callMethod(System.class, "getenv").check(classes);
        noClasses().should().callMethod(System.class, "getenv", String.class).check(classes);
        noClasses().should().callMethod(System.class, "exit", int.class).check(classes);
        noClasses().should().accessField(System.class, "out").check(classes);
        noClasses().should().accessField(System.class, "err").check(classes);
    }
}
