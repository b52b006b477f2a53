package io.jenkins.plugins.codexauth;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The edges of the plugin, as docs/architecture.md draws them. */
class ArchitectureTest {
    private static final String ROOT = "io.jenkins.plugins.codexauth";

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void thereIsNoCycle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void whatIsSentToAgentsKnowsNothingOfTheController() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".agent..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + ".account..",
                        ROOT + ".lease..",
                        ROOT + ".page..",
                        ROOT + ".session..",
                        ROOT + ".step..",
                        ROOT + ".trust..",
                        "jenkins.model..")
                .check(classes);
    }

    @Test
    void queuesKnowNoCredentialAndTrustKnowsNoLogin() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".lease..", ROOT + ".trust..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".account..", ROOT + ".session..", ROOT + ".step..", ROOT + ".page..")
                .check(classes);
    }
}
