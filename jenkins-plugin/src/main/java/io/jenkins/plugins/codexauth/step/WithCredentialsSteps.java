package io.jenkins.plugins.codexauth.step;

import hudson.Extension;
import org.jenkinsci.plugins.credentialsbinding.impl.BindingStep;
import org.jenkinsci.plugins.workflow.flow.StepListener;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Tells our bindings which step of which Pipeline they are in; the Credentials Binding plugin does not. */
@Extension(optional = true)
public final class WithCredentialsSteps implements StepListener {
    @Override
    public void notifyOfNewStep(Step step, StepContext context) {
        if (step instanceof BindingStep bindings) {
            tell(bindings, context);
        }
    }

    /** A method that names the plugin's class: without that plugin Jenkins leaves this listener out. */
    private static void tell(BindingStep step, StepContext context) {
        for (Object binding : step.getBindings()) {
            if (binding instanceof CodexAuthBinding ours) {
                ours.within(context);
            }
        }
    }
}
