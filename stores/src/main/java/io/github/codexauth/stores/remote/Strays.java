package io.github.codexauth.stores.remote;

import io.github.codexauth.CredentialId;
import io.github.codexauth.store.AsideStore;
import io.github.codexauth.store.RecordFormat;
import io.github.codexauth.store.StoreException;
import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.store.StrayRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What lies beside the logins of a store. What each of these promises is said at {@link AsideStore}. */
public interface Strays {
    /** @param bytes the stray, as {@link RecordFormat} writes it, no longer than {@link AsideStore#LONGEST} */
    void put(StrayRecord stray, byte[] bytes) throws StoreException;

    /** What can be read of it, in no order. */
    List<StrayRecord> all(CredentialId id) throws StoreException;

    void remove(StrayRecord stray) throws StoreException;

    /** @throws StoreUnavailableException if it is too long for any store */
    static byte[] bytes(StrayRecord stray) throws StoreUnavailableException {
        byte[] bytes = RecordFormat.write(stray);
        if (bytes.length > AsideStore.LONGEST) {
            throw new StoreUnavailableException(
                    "it has " + bytes.length / 1024 + " KiB, and none that has more than " + AsideStore.LONGEST / 1024
                            + " lies beside a login",
                    "no auth.json of Codex is that long: look at what was given");
        }
        return bytes;
    }

    /** Those of them that are whole, oldest first. */
    static List<StrayRecord> read(Collection<byte[]> all, CredentialId id) throws StoreException {
        List<StrayRecord> strays = new ArrayList<>();
        for (byte[] bytes : all) {
            try {
                StrayRecord stray = RecordFormat.readStray(bytes, "what lies beside '" + id + "'", "remove it");
                if (stray.record().envelope().id().equals(id)) {
                    strays.add(stray);
                }
            } catch (StoreException unreadable) {
                // It hides none of the others.
                continue;
            }
        }
        strays.sort(Comparator.comparing(stray -> stray.record().envelope().savedAt()));
        return List.copyOf(strays);
    }

    /** There is no room for another. */
    static StoreUnavailableException full(CredentialId id) {
        return new StoreUnavailableException(
                AsideStore.MOST + " logins lie beside '" + id + "' already, and no more may",
                "look at them, and remove what nobody wants: codex-auth rescue --list --id " + id);
    }

    /** There is no login that one could lie beside. */
    static StoreUnavailableException nothingThere(CredentialId id, String where) {
        return new StoreUnavailableException(
                "there is no login of '" + id + "' in " + where + " that it could lie beside",
                "put one in: codex-auth seed --id " + id + " --seed-file auth.json");
    }
}
