package io.github.codexauth;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The edges of the library, as docs/architecture.md draws them: session to store and trust, everything to the root package. */
class ArchitectureTest {
    private static final String ROOT = "io.github.codexauth";

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void theRootPackageKnowsNoneOfTheOthers() {
        noClasses()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".store..", ROOT + ".trust..", ROOT + ".session..")
                .check(classes);
    }

    @Test
    void storeAndTrustKnowTheRootPackageAlone() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".trust..", ROOT + ".session..", ROOT + ".logs..")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".trust..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".store..", ROOT + ".session..")
                .check(classes);
    }

    @Test
    void thereIsNoCycle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(classes);
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
