package io.github.codexauth.logs;

import io.github.codexauth.SecretText;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The shapes in which a secret turns up in logs. */
public final class SecretForms {
    /** Shorter parts would hide words that are no secrets. */
    private static final int SHORTEST_PART = 8;

    /** A shorter secret is none, and hiding it would hide half of every line. */
    private static final int SHORTEST_SECRET = 4;

    private SecretForms() {}

    /** What a CI system's own mask has to know: the secret, the parts of it that stand alone, its base64. */
    public static Set<String> forMasks(SecretText secret) {
        Set<String> forms = new LinkedHashSet<>();
        String value = secret.reveal();
        if (value.length() < SHORTEST_SECRET) {
            return forms;
        }
        forms.add(value);
        forms.addAll(standAloneParts(value));
        forms.add(Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
        return forms;
    }

    /**
     * What a filter looks for: the secret, and its base64 at each of the three places where it may begin in something
     * longer. The parts of a long one, both of base64's alphabets, line breaks and escapes are the filter's own
     * business ({@link PieceMatcher}).
     */
    static Set<String> forFilter(SecretText secret) {
        Set<String> forms = new LinkedHashSet<>();
        String value = secret.reveal();
        if (value.length() < SHORTEST_SECRET) {
            return forms;
        }
        forms.add(value);
        for (String part : standAloneParts(value)) {
            if (part.length() < PieceMatcher.SHORTEST) {
                forms.add(part);
            }
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        forms.add(Base64.getEncoder().encodeToString(bytes));
        for (int offset = 0; offset < 3; offset++) {
            forms.addAll(insideBase64(bytes, offset));
        }
        forms.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
        return forms;
    }

    /** A JWT's claims and its signature. Its header is the same for everybody. */
    private static List<String> standAloneParts(String value) {
        String[] parts = value.split("\\.", -1);
        if (parts.length != 3 || !value.startsWith("eyJ")) {
            return List.of();
        }
        List<String> alone = new ArrayList<>();
        for (String part : List.of(parts[1], parts[2])) {
            if (part.length() >= SHORTEST_PART) {
                alone.add(part);
            }
        }
        return alone;
    }

    /** The characters that the secret's bytes alone decide when it stands {@code offset} bytes into a base64 group. */
    private static Set<String> insideBase64(byte[] secret, int offset) {
        byte[] shifted = new byte[offset + secret.length];
        System.arraycopy(secret, 0, shifted, offset, secret.length);
        int first = (offset * 8 + 5) / 6;
        int last = shifted.length * 8 / 6;
        Set<String> forms = new LinkedHashSet<>();
        if (last - first >= SHORTEST_PART) {
            String inside = Base64.getEncoder().encodeToString(shifted).substring(first, last);
            forms.add(inside);
            if (inside.length() < PieceMatcher.SHORTEST) {
                forms.add(inside.replace('+', '-').replace('/', '_'));
            }
        }
        return forms;
    }
}
