package io.github.codexauth.runner;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class RunnerArchitectureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            // the test-jars, which lie on the class path beside their modules
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.github.codexauth");

    @Test
    void onlyMainLooksAtItsSurroundingsAndEndsTheProcess() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.Main")
                .should()
                .callMethod(System.class, "getenv")
                .check(classes);
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.Main")
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(classes);
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.Main")
                .should()
                .accessField(System.class, "out")
                .check(classes);
    }

    @Test
    void packagesDependInOneDirection() {
        slices().matching("io.github.codexauth.runner.(*)..")
                .should()
                .beFreeOfCycles()
                .check(classes);
    }

    @Test
    void theLibraryKnowsNeitherTheCommandNorItsLibraries() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.github.codexauth.runner..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.github.codexauth.runner..", "picocli..", "com.nimbusds..", "..dataformat.yaml..")
                .check(classes);
    }

    @Test
    void onlyTheCommandLineKnowsItsParser() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.github.codexauth.runner.command..", "io.github.codexauth.runner.option..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(classes);
    }
}
