package io.github.codexauth.stores.remote;

import io.github.codexauth.store.StoreUnavailableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;

/**
 * A file with certificates, in PEM form.
 *
 * @param missing what belongs into it, for one where it is not
 */
public record CertificateFile(Path file, String missing) {
    /** What belongs into the file of an authority. */
    public static final String AUTHORITY = "those of the authority that signed the server's certificate";

    private static final int LONGEST = 1024 * 1024;

    /**
     * Reads them, at least one.
     *
     * @throws Failure if there are none, or the file cannot be read
     */
    public List<Certificate> read() throws Failure {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LONGEST);
            List<Certificate> certificates = List.copyOf(
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes)));
            if (certificates.isEmpty()) {
                throw unusable("there are no certificates in " + file);
            }
            return certificates;
        } catch (CertificateException none) {
            throw unusable("there are no certificates in " + file);
        } catch (IOException e) {
            throw unusable(file + (Files.exists(file) ? " cannot be read" : " does not exist"));
        }
    }

    private Failure unusable(String problem) {
        return new Failure(
                Failure.Kind.REFUSED, new StoreUnavailableException(problem, "put " + missing + " there, in PEM form"));
    }
}
