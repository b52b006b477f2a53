package io.github.codexauth.login;

import io.github.codexauth.AuthJson;
import io.github.codexauth.InvalidAuthJsonException;
import io.github.codexauth.SecretText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What all the files of a home together mean for the stored login.
 *
 * @param next the newest of them that is a next state
 * @param strays what else must not be lost
 * @param rejected what is wrong with the first file, if it is neither the known login nor worth keeping
 */
record Findings(Optional<AuthJson> next, List<Candidate.Stray> strays, Optional<String> rejected) {
    Findings {
        strays = List.copyOf(strays);
    }

    /** @param files {@code auth.json} first, then what Codex had written aside when it was killed */
    static Findings of(List<byte[]> files, Lineage lineage) {
        List<Candidate.Stray> strays = new ArrayList<>();
        Optional<AuthJson> next = Optional.empty();
        Lineage sofar = lineage;
        for (byte[] file : inOrderOfRefresh(files)) {
            Candidate candidate = Candidate.judge(Optional.of(file), sofar);
            if (candidate instanceof Candidate.Newer newer) {
                next.filter(former -> !hasTokenOf(former, newer.auth()))
                        .map(former -> new Candidate.Stray(former, "another login was found that was refreshed later"))
                        .ifPresent(strays::add);
                next = Optional.of(newer.auth());
                sofar = sofar.followedBy(newer.auth());
            } else if (candidate instanceof Candidate.Stray stray) {
                strays.add(stray);
            }
        }
        boolean silent = next.isPresent() || !strays.isEmpty();
        Candidate first = Candidate.judge(files.stream().findFirst(), lineage);
        return new Findings(
                next,
                strays,
                !silent && first instanceof Candidate.Rejected rejected
                        ? Optional.of(rejected.reason())
                        : Optional.empty());
    }

    /**
     * The newest whole login of a home whose stored one is not known.
     *
     * @param latest what says that it was issued after this is passed over
     */
    static Optional<AuthJson> newest(List<byte[]> files, Instant latest) {
        return inOrderOfRefresh(files).stream()
                .flatMap(file -> read(file).stream())
                .filter(auth -> !auth.isIssuedAfter(latest))
                .reduce((earlier, later) -> later);
    }

    /** Every login of a home with another refresh token than the given one. */
    static List<Candidate.Stray> besides(Optional<AuthJson> known, List<byte[]> files, String reason) {
        List<Candidate.Stray> others = new ArrayList<>();
        Optional<String> token = known.map(AuthJson::refreshTokenFingerprint);
        for (byte[] file : files) {
            AuthJson.refreshTokenIn(file)
                    .filter(other -> !Optional.of(other.fingerprint()).equals(token))
                    .ifPresent(other -> others.add(new Candidate.Stray(file, other, read(file), reason)));
        }
        return others;
    }

    /** Everything in them that no log may show. */
    List<SecretText> secrets() {
        List<SecretText> secrets = new ArrayList<>();
        next.ifPresent(auth -> secrets.addAll(auth.secrets()));
        for (Candidate.Stray stray : strays) {
            secrets.addAll(stray.secrets());
        }
        return secrets;
    }

    /** One machine wrote them all, so its clock puts two refreshes within one second of the server's into order. */
    private static List<byte[]> inOrderOfRefresh(List<byte[]> files) {
        return files.stream()
                .sorted(Comparator.comparing(
                        file -> read(file).map(AuthJson::lastRefresh).orElse(Instant.MIN)))
                .toList();
    }

    private static Optional<AuthJson> read(byte[] file) {
        try {
            return Optional.of(AuthJson.parse(file, "auth.json"));
        } catch (InvalidAuthJsonException torn) {
            return Optional.empty();
        }
    }

    private static boolean hasTokenOf(AuthJson one, AuthJson other) {
        return one.refreshTokenFingerprint().equals(other.refreshTokenFingerprint());
    }
}
