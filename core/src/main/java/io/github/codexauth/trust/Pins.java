package io.github.codexauth.trust;

import java.util.List;

/**
 * What ties a rule to one repository or owner for good, and to one server. A name alone does not: it can be given up
 * and registered anew, and it can exist on another server. An empty list asks for nothing.
 *
 * @param repositoryIds numbers of repositories that are allowed
 * @param ownerIds numbers of owners that are allowed
 * @param issuers whose signature counts
 */
public record Pins(List<String> repositoryIds, List<String> ownerIds, List<String> issuers) {
    public static final Pins NONE = new Pins(List.of(), List.of(), List.of());

    public Pins {
        repositoryIds = List.copyOf(repositoryIds);
        ownerIds = List.copyOf(ownerIds);
        issuers = List.copyOf(issuers);
    }
}
