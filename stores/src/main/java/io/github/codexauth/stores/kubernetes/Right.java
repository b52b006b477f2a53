package io.github.codexauth.stores.kubernetes;

import java.util.Optional;

/**
 * What a role has to allow for a call, in the words of its rules.
 *
 * @param name of the one object that is meant; empty where a rule cannot say it
 */
record Right(String verb, Resource resource, Optional<String> name) {
    static Right get(Resource resource, String name) {
        return new Right("get", resource, Optional.of(name));
    }

    static Right update(Resource resource, String name) {
        return new Right("update", resource, Optional.of(name));
    }

    static Right watch(Resource resource, String name) {
        return new Right("watch", resource, Optional.of(name));
    }

    /** No rule can restrict it to a name, since there is none yet when it is asked for. */
    static Right create(Resource resource) {
        return new Right("create", resource, Optional.empty());
    }

    static Right list(Resource resource) {
        return new Right("list", resource, Optional.empty());
    }

    /** For messages. */
    @Override
    public String toString() {
        return verb + " on " + resource.plural()
                + name.map(one -> " '" + one + "'").orElse("");
    }
}
