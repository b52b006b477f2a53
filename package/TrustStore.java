import java.io.BufferedInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/** Makes Java's trust store of a PEM bundle, so that Java trusts whom the rest of the image trusts. usage: PEM STORE */
final class TrustStore {
    private TrustStore() {}

    public static void main(String[] args) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem = new BufferedInputStream(Files.newInputStream(Path.of(args[0])))) {
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry(
                        ((X509Certificate) certificate).getSubjectX500Principal().getName(), certificate);
            }
        }
        try (OutputStream out = Files.newOutputStream(Path.of(args[1]))) {
            // Certificates are no secrets; without password and salt the same bundle gives the same file.
            store.store(out, null);
        }
    }
}
