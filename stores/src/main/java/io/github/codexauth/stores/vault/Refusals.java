package io.github.codexauth.stores.vault;

import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.stores.remote.Unreached;

/** What a server's answers mean, in our own words: its sentences are not shown, since they may quote anything. */
record Refusals(VaultAddress address) {
    private static final String SEE_RIGHTS = "print the policy that runners need: codex-auth store init --store …";

    /** No answer at all. */
    Unreached unreached() {
        return new Unreached(name(), "curl -k " + address.server() + "/v1/sys/health", address.authority());
    }

    private String name() {
        return "the server of " + address;
    }

    /**
     * An answer that is a failure.
     *
     * @param reply the answer
     * @param right what was needed for the call
     */
    Failure answered(Reply reply, Right right) {
        int status = reply.status();
        return switch (status) {
            case 400, 405 ->
                reply.says("pgrading from non-versioned", "to upgrade from non-versioned")
                        ? again(reply, name() + " is still turning the mount into one of version 2")
                        : refused(name() + " refused what was asked (" + status + ")", "look at: codex-auth doctor");
            case 401, 403 ->
                refused("our token lacks the right " + right + " at " + name() + ", or has ended", SEE_RIGHTS);
            case 404 -> noMount();
            case 412, 472, 473 -> again(reply, name() + " is a standby that has not caught up (" + status + ")");
            case 413 -> refused(name() + " does not take an entry of that size (413)", "look at: codex-auth doctor");
            case 429 -> again(reply, name() + " has a quota that is used up (429)");
            default -> status >= 500 ? silentlyFailed(reply) : notThere();
        };
    }

    private Failure silentlyFailed(Reply reply) {
        if (reply.status() == 503 && reply.says("is sealed")) {
            return again(reply, name() + " is sealed");
        }
        return new Failure(
                Failure.Kind.UNANSWERED,
                new StoreUnavailableException(
                        name() + " did not do what was asked (" + reply.status() + ")",
                        "see whether it is well: curl -k " + address.server() + "/v1/sys/health"),
                reply.rest());
    }

    /** What was refused before anything was done, and may be done later. */
    private static Failure again(Reply reply, String what) {
        return new Failure(
                Failure.Kind.UNREACHED, new StoreUnavailableException(what, "try again later"), reply.rest());
    }

    /** We may not sign in. */
    Failure noRole(SignIn.ByRole role, int status) {
        return refused(
                name() + " does not let us sign in as role '" + role.role() + "' at auth/" + role.method() + " ("
                        + status + ")",
                "see what the role asks of a token, and whether ours has ended: vault read auth/" + role.method()
                        + "/role/" + role.role());
    }

    Failure noMount() {
        return refused(
                "there is no KV engine at '" + address.mount() + "' at " + name(),
                "mount one: vault secrets enable -path=" + address.mount()
                        + " -version=2 kv; in another namespace: &namespace=NAME");
    }

    Failure notVersioned() {
        return refused(
                "what is mounted at '" + address.mount() + "' at " + name() + " is no KV engine of version 2",
                "turn it into one: vault kv enable-versioning " + address.mount());
    }

    Failure casNotRequired() {
        return refused(
                "the mount '" + address.mount() + "' takes writes that name no version, which would overwrite logins",
                "as its operator: vault write " + address.mount() + "/config cas_required=true");
    }

    Failure deletes() {
        return refused(
                "the mount '" + address.mount() + "' deletes its entries after a time, and logins with them",
                "as its operator: vault write " + address.mount() + "/config delete_version_after=0s");
    }

    Failure notThere() {
        return refused(
                "what answers for " + address + " is neither Vault nor OpenBao",
                "look at the address after server=: " + address.server());
    }

    Failure elsewhere() {
        return refused(
                name() + " sends us to where no token may be sent",
                "see its api_addr: it has to be an https address, and the same for all of a cluster");
    }

    private static Failure refused(String problem, String hint) {
        return new Failure(Failure.Kind.REFUSED, new StoreUnavailableException(problem, hint));
    }
}
