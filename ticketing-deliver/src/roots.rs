//! Whose certificates are trusted.

use rustls::RootCertStore;

/// Mozilla's list, which comes with the program, and the machine's own, where a company keeps its own authority.
pub(crate) fn known_roots() -> RootCertStore {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let native = rustls_native_certs::load_native_certs();
    for error in &native.errors {
        tracing::debug!(%error, "some of the machine's certificates can't be read");
    }
    roots.add_parsable_certificates(native.certs);
    roots
}
