package io.github.codexauth.runner.policy;

import io.github.codexauth.CredentialId;
import io.github.codexauth.runner.platform.Names;
import io.github.codexauth.runner.platform.Platforms;
import io.github.codexauth.runner.platform.SignedTokens;
import io.github.codexauth.trust.CredentialTerms;
import io.github.codexauth.trust.Evidence;
import io.github.codexauth.trust.NamePattern;
import io.github.codexauth.trust.Pins;
import io.github.codexauth.trust.RefCondition;
import io.github.codexauth.trust.TrustPolicy;
import io.github.codexauth.trust.TrustRule;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Understands the policy file; its keys are those of {@code docs/policy.schema.json}. */
final class PolicyReader {
    static final Set<String> KEYS = Set.of(
            "version", "machine", "allow", "credentials", "issuers", "job-may-write-policy", "allow-other-credentials");
    static final Set<String> RULE_KEYS = Set.of(
            "platform",
            "repositories",
            "repository-ids",
            "owner-ids",
            "visibility",
            "runners",
            "events",
            "refs",
            "unprotected-refs",
            "forks",
            "bots",
            "require",
            "issuers");
    static final Set<String> CREDENTIAL_KEYS = Set.of("repositories", "shared");

    private static final Pattern ID = Pattern.compile("[0-9]{1,20}");

    /** The word that gives up a condition. */
    private static final String ANY = "any";

    private final Path file;

    PolicyReader(Path file) {
        this.file = file;
    }

    Policy read(byte[] bytes) throws InvalidPolicyException {
        Map<String, Node.Entry> keys = mapping(new YamlReader(file).read(bytes), KEYS);
        Node version = required(keys, "version", "version: 1");
        if (!text(version).equals("1")) {
            throw error(version, "this version of codex-auth reads policies of version 1", "write: version: 1");
        }
        List<URI> issuers = issuers(keys);
        List<TrustRule> rules = new ArrayList<>();
        for (Node rule : items(required(keys, "allow", "allow: [{platform: github}]"))) {
            rules.add(rule(rule, issuers));
        }
        Optional<String> machine =
                keys.containsKey("machine") ? Optional.of(text(value(keys, "machine"))) : Optional.empty();
        return new Policy(
                new TrustPolicy(
                        file.toString(), machine, rules, credentials(keys), flag(keys, "allow-other-credentials")),
                flag(keys, "job-may-write-policy"));
    }

    /** @param issuers the ones that the policy names for all its rules; empty if it names none */
    private TrustRule rule(Node node, List<URI> issuers) throws InvalidPolicyException {
        Map<String, Node.Entry> keys = mapping(node, RULE_KEYS);
        Node platformNode = keys.containsKey("platform") ? value(keys, "platform") : null;
        if (platformNode == null) {
            throw error(
                    node, "this rule names no platform", "add: platform: github, or another of " + Platforms.names());
        }
        String platform = text(platformNode);
        if (!Platforms.names().contains(platform)) {
            throw error(platformNode, "'" + platform + "' is no platform", "use one of " + Platforms.names());
        }
        boolean outsideOfCi = platform.equals(Platforms.NONE);
        if (outsideOfCi && keys.size() > 1) {
            throw error(
                    node,
                    "outside of CI nothing is known of a job, so 'platform: none' takes no other condition",
                    "remove the other keys of this rule");
        }
        return new TrustRule(
                platform,
                patterns(keys, "repositories", NamePattern::of),
                pins(node, keys, platform, issuers),
                outsideOfCi
                        ? Optional.empty()
                        : words(keys, "visibility", "public, internal, private", Names::visibility)
                                .orElse(Optional.of(StandardPolicy.visibility())),
                outsideOfCi
                        ? Optional.empty()
                        : words(keys, "runners", "self-hosted, vendor-hosted, shared", Names::runner)
                                .orElse(Optional.of(StandardPolicy.runners())),
                outsideOfCi
                        ? Optional.empty()
                        : words(keys, "events", "the CI system's event names", Optional::of)
                                .orElse(Optional.of(Platforms.harmlessEvents(platform))),
                refs(keys),
                outsideOfCi || flag(keys, "forks"),
                outsideOfCi ? Optional.empty() : bots(keys),
                evidence(keys));
    }

    private Pins pins(Node rule, Map<String, Node.Entry> keys, String platform, List<URI> issuers)
            throws InvalidPolicyException {
        return new Pins(
                ids(keys, "repository-ids", platform),
                ids(keys, "owner-ids", platform),
                signers(rule, keys, platform, issuers));
    }

    private List<String> ids(Map<String, Node.Entry> keys, String key, String platform) throws InvalidPolicyException {
        List<String> ids = new ArrayList<>();
        if (!keys.containsKey(key)) {
            return ids;
        }
        if (!Platforms.tellingIds().contains(platform)) {
            throw error(
                    value(keys, key),
                    "a job of " + platform + " does not learn its '" + key + "'",
                    "only " + new TreeSet<>(Platforms.tellingIds()) + " say them");
        }
        for (Node item : items(value(keys, key))) {
            String id = text(item);
            if (!ID.matcher(id).matches()) {
                throw error(
                        item,
                        "an id is a number, not a name",
                        "on GitHub: gh api repos/OWNER/NAME --jq '.id, .owner.id'; on GitLab it is shown on the project's and"
                                + " the group's page");
            }
            ids.add(id);
        }
        return ids;
    }

    /** A rule's own issuers, else the policy's, else the vendor's. */
    private List<String> signers(Node rule, Map<String, Node.Entry> keys, String platform, List<URI> issuers)
            throws InvalidPolicyException {
        boolean signed = evidence(keys) == Evidence.SIGNED;
        List<URI> own = issuers(keys);
        if (!own.isEmpty() && !signed) {
            throw error(
                    value(keys, "issuers"),
                    "'issuers' stands beside 'require: signed', and this rule requires no signature",
                    "add: require: signed");
        }
        if (!signed) {
            return List.of();
        }
        List<URI> foreign = own.stream()
                .filter(issuer -> !Platforms.signsFor(platform, issuer))
                .toList();
        List<String> named = (own.isEmpty() ? issuers : own)
                .stream()
                        .filter(issuer -> Platforms.signsFor(platform, issuer))
                        .map(URI::toString)
                        .toList();
        if (!foreign.isEmpty() || (named.isEmpty() && !issuers.isEmpty())) {
            throw error(
                    keys.containsKey("issuers") ? value(keys, "issuers") : rule,
                    (foreign.isEmpty() ? issuers : foreign) + " do not sign for jobs of " + platform,
                    "name in this rule who does, such as: issuers: " + usualIssuers(platform));
        }
        return named.isEmpty() ? usualIssuers(platform) : named;
    }

    /** Who signs for the jobs of a CI system unless the operator names somebody; empty if nobody does. */
    private static List<String> usualIssuers(String platform) {
        return Platforms.tokens(platform).map(SignedTokens::usualIssuers).orElse(List.of());
    }

    /** @return the names of bots that are allowed; empty if any will do */
    private Optional<List<String>> bots(Map<String, Node.Entry> keys) throws InvalidPolicyException {
        if (!keys.containsKey("bots")) {
            return Optional.of(List.of());
        }
        Node node = value(keys, "bots");
        if (node instanceof Node.Sequence) {
            List<String> names = new ArrayList<>();
            for (Node item : items(node)) {
                names.add(text(item));
            }
            return Optional.of(names);
        }
        return switch (text(node)) {
            case "true" -> Optional.empty();
            case "false" -> Optional.of(List.of());
            default ->
                throw error(node, "'bots' is true, false or a list of names", "write: bots: [dependabot, renovate]");
        };
    }

    private Optional<RefCondition> refs(Map<String, Node.Entry> keys) throws InvalidPolicyException {
        boolean unprotectedToo = flag(keys, "unprotected-refs");
        if (keys.containsKey("unprotected-refs") && !keys.containsKey("refs")) {
            throw error(
                    value(keys, "unprotected-refs"),
                    "'unprotected-refs' stands beside 'refs', and this rule has none",
                    "add: refs: [refs/heads/main]; a rule without 'refs' is for all of them anyway");
        }
        return patterns(keys, "refs", NamePattern::ofRef).map(names -> new RefCondition(names, unprotectedToo));
    }

    private Evidence evidence(Map<String, Node.Entry> keys) throws InvalidPolicyException {
        if (!keys.containsKey("require")) {
            return Evidence.DECLARED;
        }
        Node node = value(keys, "require");
        return switch (text(node)) {
            case "declared" -> Evidence.DECLARED;
            case "signed" -> Evidence.SIGNED;
            default -> throw error(node, "'require' is declared or signed", "write: require: signed");
        };
    }

    /** @return empty if the key is absent; an empty value in it if any will do */
    private <T> Optional<Optional<List<T>>> words(
            Map<String, Node.Entry> keys, String key, String choice, Function<String, Optional<T>> meaning)
            throws InvalidPolicyException {
        if (!keys.containsKey(key)) {
            return Optional.empty();
        }
        List<T> words = new ArrayList<>();
        List<Node> items = items(value(keys, key));
        for (Node item : items) {
            String word = text(item);
            if (word.equals(ANY) && items.size() == 1) {
                return Optional.of(Optional.empty());
            }
            words.add(meaning.apply(word)
                    .orElseThrow(() -> error(
                            item, "'" + word + "' means nothing under '" + key + "'", "use " + choice + ", or [any]")));
        }
        return Optional.of(Optional.of(words));
    }

    private Optional<List<NamePattern>> patterns(
            Map<String, Node.Entry> keys, String key, Function<String, NamePattern> kind)
            throws InvalidPolicyException {
        if (!keys.containsKey(key)) {
            return Optional.empty();
        }
        List<NamePattern> patterns = new ArrayList<>();
        for (Node item : items(value(keys, key))) {
            patterns.add(kind.apply(text(item)));
        }
        return Optional.of(patterns);
    }

    private Map<CredentialId, CredentialTerms> credentials(Map<String, Node.Entry> keys) throws InvalidPolicyException {
        Map<CredentialId, CredentialTerms> credentials = new LinkedHashMap<>();
        if (!keys.containsKey("credentials")) {
            return credentials;
        }
        Node all = value(keys, "credentials");
        if (!(all instanceof Node.Mapping mapping)) {
            throw error(
                    all,
                    "'credentials' has one key for each credential",
                    "write: codex-ci: {repositories: [acme/app]}");
        }
        for (Node.Entry entry : mapping.entries().values()) {
            CredentialId id;
            try {
                id = new CredentialId(entry.key().text());
            } catch (IllegalArgumentException e) {
                throw error(entry.key(), String.valueOf(e.getMessage()), "use the name given to --id");
            }
            Map<String, Node.Entry> credential = mapping(entry.value(), CREDENTIAL_KEYS);
            if (credential.isEmpty()) {
                throw error(
                        entry.value(),
                        "this credential is not narrowed, and nothing else is said of it",
                        "add: repositories: [acme/app]; or shared: true");
            }
            credentials.put(
                    id,
                    new CredentialTerms(
                            patterns(credential, "repositories", NamePattern::of), flag(credential, "shared")));
        }
        return credentials;
    }

    private List<URI> issuers(Map<String, Node.Entry> keys) throws InvalidPolicyException {
        List<URI> issuers = new ArrayList<>();
        if (!keys.containsKey("issuers")) {
            return issuers;
        }
        for (Node item : items(value(keys, "issuers"))) {
            try {
                URI issuer = URI.create(text(item));
                boolean loopback = "http".equals(issuer.getScheme()) && "127.0.0.1".equals(issuer.getHost());
                if (!"https".equals(issuer.getScheme()) && !loopback) {
                    throw error(item, "an issuer is an https address", "write: issuers: [https://gitlab.example.com]");
                }
                issuers.add(issuer);
            } catch (IllegalArgumentException e) {
                throw error(item, "this is no address", "write: issuers: [https://gitlab.example.com]");
            }
        }
        return issuers;
    }

    private boolean flag(Map<String, Node.Entry> keys, String key) throws InvalidPolicyException {
        if (!keys.containsKey(key)) {
            return false;
        }
        Node node = value(keys, key);
        return switch (text(node)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw error(node, "'" + key + "' is true or false", "write: " + key + ": true");
        };
    }

    private Map<String, Node.Entry> mapping(Node node, Set<String> known) throws InvalidPolicyException {
        if (!(node instanceof Node.Mapping mapping)) {
            throw error(node, "keys are expected here", "known keys: " + new TreeSet<>(known));
        }
        for (Node.Entry entry : mapping.entries().values()) {
            if (!known.contains(entry.key().text())) {
                throw error(
                        entry.key(), "unknown key '" + entry.key().text() + "'", "known keys: " + new TreeSet<>(known));
            }
        }
        return mapping.entries();
    }

    private Node required(Map<String, Node.Entry> keys, String key, String example) throws InvalidPolicyException {
        if (!keys.containsKey(key)) {
            throw new InvalidPolicyException(file + " has no '" + key + "'", "add: " + example);
        }
        return value(keys, key);
    }

    private static Node value(Map<String, Node.Entry> keys, String key) {
        Node.Entry entry = keys.get(key);
        if (entry == null) {
            throw new IllegalArgumentException("asked before: " + key);
        }
        return entry.value();
    }

    private List<Node> items(Node node) throws InvalidPolicyException {
        if (node instanceof Node.Sequence sequence) {
            if (sequence.items().isEmpty()) {
                throw error(node, "this list is empty, so nothing would ever fit", "name what is allowed");
            }
            return sequence.items();
        }
        throw error(node, "a list is expected here", "write it in brackets: [one, two]");
    }

    private String text(Node node) throws InvalidPolicyException {
        if (node instanceof Node.Scalar scalar && !scalar.text().isBlank()) {
            return scalar.text();
        }
        throw error(node, "one value is expected here", "write it without brackets and braces");
    }

    private InvalidPolicyException error(Node node, String problem, String hint) {
        return InvalidPolicyException.at(file, node, problem, hint);
    }
}
