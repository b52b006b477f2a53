package io.github.codexauth.runner.doctor;

import io.github.codexauth.runner.network.CaBundle;
import io.github.codexauth.runner.network.Proxies;
import io.github.codexauth.runner.network.UnusableCaBundleException;
import io.github.codexauth.runner.network.UnusableProxyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether Codex, and we, would get out of a company's network. */
final class NetworkFindings {
    private NetworkFindings() {}

    static List<Finding> look(Map<String, String> environment) {
        List<Finding> findings = new ArrayList<>();
        authorities(environment).ifPresent(findings::add);
        try {
            Proxies.in(environment);
        } catch (UnusableProxyException e) {
            findings.add(Finding.weak(
                    e.getMessage() + ", so codex-auth itself reaches no issuer of signed tokens",
                    "write it as http://HOST:PORT"));
        }
        return findings;
    }

    private static Optional<Finding> authorities(Map<String, String> environment) {
        Optional<CaBundle> bundle = CaBundle.in(environment);
        if (bundle.isPresent()) {
            try {
                bundle.get().certificates();
                return Optional.of(Finding.fine("Codex also trusts the authorities in "
                        + bundle.get().place() + " (" + bundle.get().variable() + ")"));
            } catch (UnusableCaBundleException e) {
                return Optional.of(Finding.wrong(e.problem(), e.hint()));
            }
        }
        return CaBundle.OTHER_PROGRAMS_VARIABLES.stream()
                .filter(variable -> !environment.getOrDefault(variable, "").isEmpty())
                .findFirst()
                .map(variable -> Finding.weak(
                        variable
                                + " is set, which Codex does not read: it would not trust this network's own authority",
                        "export CODEX_CA_CERTIFICATE=FILE, a bundle in PEM form; else it reads SSL_CERT_FILE"));
    }
}
