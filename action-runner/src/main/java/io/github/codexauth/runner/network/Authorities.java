package io.github.codexauth.runner.network;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates our own requests believe: those that Java believes, and a bundle.
 *
 * @param bundle what the operator added
 * @param leftOut what a variable named, and is not believed since the job could have put it there
 */
public record Authorities(Optional<CaBundle> bundle, Optional<CaBundle> leftOut) {
    /** What Java believes, alone. */
    public static final Authorities USUAL = new Authorities(Optional.empty(), Optional.empty());

    /** These and the usual ones. */
    public static Authorities with(CaBundle bundle) {
        return new Authorities(Optional.of(bundle), Optional.empty());
    }

    /** The usual ones, though a variable names others. */
    public static Authorities without(CaBundle bundle) {
        return new Authorities(Optional.empty(), Optional.of(bundle));
    }

    /**
     * For TLS connections.
     *
     * @throws UnusableCaBundleException if the bundle cannot be read
     */
    public SSLContext context() throws UnusableCaBundleException {
        try {
            if (bundle.isEmpty()) {
                return SSLContext.getDefault();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trustManagers(all(bundle.get())), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    private static KeyStore all(CaBundle bundle)
            throws GeneralSecurityException, IOException, UnusableCaBundleException {
        KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
        all.load(null, null);
        int number = 0;
        for (TrustManager usual : trustManagers(null)) {
            if (usual instanceof X509TrustManager manager) {
                for (X509Certificate certificate : manager.getAcceptedIssuers()) {
                    all.setCertificateEntry("usual-" + number++, certificate);
                }
            }
        }
        for (Certificate certificate : bundle.certificates()) {
            all.setCertificateEntry("bundle-" + number++, certificate);
        }
        return all;
    }

    /** @param store null for the usual ones */
    private static TrustManager[] trustManagers(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
