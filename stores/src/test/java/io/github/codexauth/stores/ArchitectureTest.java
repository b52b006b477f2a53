package io.github.codexauth.stores;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
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
