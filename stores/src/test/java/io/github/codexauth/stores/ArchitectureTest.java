package io.github.codexauth.stores;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The edges inside of this module: each kind of server knows what all have in common, and no other. */
class ArchitectureTest {
    private static final String ROOT = "io.github.codexauth.stores";

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @ParameterizedTest
    @ValueSource(strings = {"kubernetes", "postgresql", "vault"})
    void aKindOfServerIsKnownToTheListOfAllAlone(String kind) {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "." + kind)
                .and()
                .doNotBelongToAnyOf(ServerStoreTypes.class)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "." + kind)
                .check(classes);
    }

    @Test
    void noRoomKnowsTheListOfAll() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ServerStoreTypes.class)
                .check(classes);
    }

    @Test
    void everyPackageIsOneOfTheseRooms() {
        Set<String> packages =
                classes.stream().map(type -> type.getPackageName()).collect(Collectors.toCollection(TreeSet::new));

        assertThat(packages)
                .containsExactly(ROOT, ROOT + ".kubernetes", ROOT + ".postgresql", ROOT + ".remote", ROOT + ".vault");
    }

    @Test
    void onlyTheDatabasesStoreKnowsTheDriver() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".postgresql")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.postgresql..")
                .check(classes);
    }
}
