package io.github.codexauth.runner.network;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The certificate authorities that Codex is told to trust, besides those it brings: {@code CODEX_CA_CERTIFICATE}, else
 * {@code SSL_CERT_FILE}. It reads no other variable, and an empty one counts as absent (Codex 0.169.0).
 *
 * @param variable which of the two
 * @param file certificates in PEM form
 */
public record CaBundle(String variable, Path file) {
    /** The first that is set counts. */
    private static final List<String> VARIABLES = List.of("CODEX_CA_CERTIFICATE", "SSL_CERT_FILE");

    /** What other programs read, and Codex does not. */
    public static final List<String> OTHER_PROGRAMS_VARIABLES =
            List.of("NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_DIR");

    private static final int LONGEST = 16 * 1024 * 1024;
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final List<String> KINDS =
            List.of("CERTIFICATE-----", "TRUSTED CERTIFICATE-----", "X509 CERTIFICATE-----");

    /** The one that a process with these variables uses; empty if it is told of none. */
    public static Optional<CaBundle> in(Map<String, String> environment) {
        for (String variable : VARIABLES) {
            String file = environment.getOrDefault(variable, "");
            if (!file.isEmpty()) {
                return Optional.of(new CaBundle(variable, Path.of(file)));
            }
        }
        return Optional.empty();
    }

    /**
     * Makes sure that there is such a bundle, with a certificate in it. Without it Codex reaches no server, and says so
     * late.
     *
     * @throws UnusableCaBundleException if it is missing, cannot be read, or is something else
     */
    public void require() throws UnusableCaBundleException {
        blocks();
    }

    /**
     * Reads the certificates.
     *
     * @throws UnusableCaBundleException if that is not possible
     */
    public List<Certificate> certificates() throws UnusableCaBundleException {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<Certificate> certificates = new ArrayList<>();
            for (byte[] block : blocks()) {
                certificates.add(factory.generateCertificate(new ByteArrayInputStream(block)));
            }
            return certificates;
        } catch (CertificateException e) {
            throw notPem();
        }
    }

    /**
     * Where it lies, for messages. What is no absolute path may be anything that was pasted there, and is not repeated.
     */
    public String place() {
        return file.isAbsolute() && file.toString().lines().count() == 1 ? file.toString() : "what is no absolute path";
    }

    private List<byte[]> blocks() throws UnusableCaBundleException {
        List<byte[]> blocks = new ArrayList<>();
        String text = text();
        try {
            for (int at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at + 1)) {
                int first = after(BEGIN, text, at);
                int last = first < 0 ? -1 : text.indexOf('-', first);
                if (last >= 0 && after(END, text, last) >= 0) {
                    blocks.add(Base64.getMimeDecoder().decode(text.substring(first, last)));
                }
            }
        } catch (IllegalArgumentException noBase64) {
            throw notPem();
        }
        if (blocks.isEmpty()) {
            throw notPem();
        }
        return blocks;
    }

    /** Where the line of a certificate that begins with this word ends; negative if there is no such line. */
    private static int after(String word, String text, int at) {
        for (String kind : KINDS) {
            if (text.startsWith(word, at) && text.startsWith(kind, at + word.length())) {
                return at + word.length() + kind.length();
            }
        }
        return -1;
    }

    private String text() throws UnusableCaBundleException {
        if (!Files.isRegularFile(file)) {
            throw new UnusableCaBundleException(
                    Files.exists(file)
                            ? variable + " names " + place() + ", which is no file"
                            : variable + " names a CA bundle that is not there: " + place(),
                    "put the CA's certificates there in PEM form; or: unset " + variable);
        }
        try (InputStream in = Files.newInputStream(file)) {
            // One byte for one character: what is between the certificates may be in any encoding.
            return new String(in.readNBytes(LONGEST), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UnusableCaBundleException(
                    variable + " names a CA bundle that this user cannot read: " + place(),
                    "let everybody read it, certificates are no secret: chmod a+r " + place());
        }
    }

    private UnusableCaBundleException notPem() {
        return new UnusableCaBundleException(
                variable + " names " + place() + ", which holds no certificates in PEM form",
                "begin each with -----BEGIN CERTIFICATE-----; from DER: openssl x509 -inform der -in company.cer -out company.pem");
    }
}
