package io.github.codexauth.stores.postgresql;

import io.github.codexauth.store.StoreUnavailableException;
import io.github.codexauth.stores.remote.CertificateFile;
import io.github.codexauth.stores.remote.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.EnumSet;
import java.util.Properties;
import java.util.Set;

/**
 * How a server is believed, and what we show to it, as the driver is told. Files that the address names are looked at
 * first, since the driver's failures do not tell a bad file from a bad connection.
 */
record Tls(ServerAddress address) {
    private static final int LONGEST_KEY = 64 * 1024;

    /** The driver looks into the home of whoever runs it, unless it is told that there is nothing. */
    private static final String NOTHING = "";

    /** @throws Failure if a file that the address names is not what it should be */
    void addTo(Properties properties) throws Failure {
        properties.setProperty("sslmode", address.tls());
        if (address.tls().equals("disable")) {
            return;
        }
        if (address.authority().isPresent()) {
            Path file = address.authority().get();
            new CertificateFile(file, CertificateFile.AUTHORITY).read();
            properties.setProperty("sslrootcert", file.toString());
        } else if (address.tls().startsWith("verify")) {
            properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        if (address.certificate().isPresent() && address.key().isPresent()) {
            Path file = address.certificate().get();
            Certificate ours = new CertificateFile(file, "this runner's certificate")
                    .read()
                    .get(0);
            requireKey(address.key().get(), ours);
        }
        properties.setProperty(
                "sslcert", address.certificate().map(Path::toString).orElse(NOTHING));
        properties.setProperty("sslkey", address.key().map(Path::toString).orElse(NOTHING));
    }

    private static void requireKey(Path file, Certificate certificate) throws Failure {
        String remedy =
                "make it of the key in PEM form: openssl pkcs8 -topk8 -nocrypt -outform DER -in KEY.pem -out " + file;
        try (InputStream in = Files.newInputStream(file)) {
            KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(in.readNBytes(LONGEST_KEY)));
            if (isOpenToOthers(file)) {
                throw unusable(file + " can be read by others", "chmod 600 " + file);
            }
        } catch (IOException e) {
            throw unusable(file + (Files.exists(file) ? " cannot be read" : " does not exist"), remedy);
        } catch (GeneralSecurityException e) {
            throw unusable(file + " is no key in DER (PKCS#8, without a passphrase)", remedy);
        }
    }

    /** As the driver sees it, too: what is root's may be read by a group. */
    private static boolean isOpenToOthers(Path file) throws IOException {
        Set<PosixFilePermission> allowed = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        if (Files.getOwner(file).getName().equals("root")) {
            allowed.add(PosixFilePermission.GROUP_READ);
        }
        return !allowed.containsAll(Files.getPosixFilePermissions(file));
    }

    private static Failure unusable(String problem, String remedy) {
        return new Failure(Failure.Kind.REFUSED, new StoreUnavailableException(problem, remedy));
    }
}
