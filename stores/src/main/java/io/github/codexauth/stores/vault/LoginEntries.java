package io.github.codexauth.stores.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.codexauth.CredentialId;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.stores.remote.Attempts;
import io.github.codexauth.stores.remote.Failure;
import io.github.codexauth.stores.remote.LoginCells;
import io.github.codexauth.stores.remote.LoginFields;
import io.github.codexauth.stores.remote.LoginRecords;
import io.github.codexauth.stores.remote.ServerJson;
import io.github.codexauth.stores.remote.SwappedLeases;
import io.github.codexauth.stores.remote.Turmoil;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Logins as entries, each with the one before it, so that they are always swapped together.
 *
 * @param leases know whether there was a login, should whoever answers not know it yet
 */
record LoginEntries(Entries entries, SwappedLeases leases) implements LoginCells {
    static final String FOLDER = "logins";

    /** Of a record: two of them, what lies beside and what JSON adds fit into an entry, which has 1 MiB at most. */
    private static final int LONGEST = 400 * 1024;

    private static final LoginFields FIELDS = new LoginFields(
            bytes -> new String(bytes, StandardCharsets.UTF_8), text -> text.getBytes(StandardCharsets.UTF_8));

    /** A login as it was read. */
    private record Read(Entries entries, CredentialId id, Entry entry) implements Seen {
        String name() {
            return FOLDER + "/" + id;
        }

        ObjectNode content() {
            return entry.content().map(ObjectNode::deepCopy).orElseGet(ServerJson::object);
        }

        @Override
        public LoginRecords records() {
            return FIELDS.in(content(), entries.server().address().toString(), id);
        }

        @Override
        public boolean replace(LoginRecords next) throws Failure {
            next.requireShort(LONGEST, "an entry");
            ObjectNode content = content();
            FIELDS.put(next, content);
            return entries.writeOnce(name(), entry, content);
        }

        /** Where there is a login, reading the newest has proven it. Else it has to fail: no entry has that version. */
        @Override
        public void pretend() throws Failure {
            if (records().now().isEmpty()) {
                entries.server().write(name(), Integer.MAX_VALUE, ServerJson.object());
            }
        }
    }

    @Override
    public List<CredentialId> list() throws StoreException {
        return Attempts.repeat(() -> entries.server().list(FOLDER)).stream()
                .filter(CredentialId::isValid)
                .sorted()
                .map(CredentialId::new)
                .toList();
    }

    @Override
    public Seen look(CredentialId id) throws Failure {
        return read(id);
    }

    private Read read(CredentialId id) throws Failure {
        return new Read(entries, id, entries.readOnce(FOLDER + "/" + id));
    }

    /** It was written once more, so that nobody can have written another, and we may write. */
    @Override
    public Seen newest(CredentialId id) throws Failure {
        Turmoil turmoil = entries.turmoil(FOLDER + "/" + id);
        while (true) {
            Read seen = read(id);
            if (seen.entry().content().isEmpty() && !leases.isStored(id)) {
                return seen;
            }
            if (entries.writeOnce(seen.name(), seen.entry(), seen.content())) {
                Entry touched = new Entry(
                        seen.entry().content(),
                        seen.entry().version() + 1,
                        seen.entry().at());
                return new Read(entries, id, touched);
            }
            turmoil.pause();
        }
    }
}
