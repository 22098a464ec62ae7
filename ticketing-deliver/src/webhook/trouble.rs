//! What went wrong with a call, in words that give nothing away: neither an address nor anything that was answered.

use rustls::CertificateError;
use std::error::Error;
use std::io::{self, ErrorKind};
use ticketing_core::port::WebhookError;

/// What to say of a failure of the client. The whole of it goes to the log, but for the URL: its path is often a secret.
pub(super) fn of(error: reqwest::Error, host: &str) -> WebhookError {
    let error = error.without_url();
    let told = told(&error);
    if told != WebhookError::NotAllowed {
        tracing::debug!(host, ?error, "a call to a webhook failed");
    }
    told
}

fn told(error: &reqwest::Error) -> WebhookError {
    if error.is_builder() {
        return WebhookError::Invalid("the url can't be called".to_owned());
    }
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        // What the resolver said comes back wrapped.
        if let Some(ours) = error.downcast_ref::<WebhookError>() {
            return ours.clone();
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return WebhookError::Unreachable(of_connection(error).to_owned());
        }
        cause = error.source();
    }
    WebhookError::Unreachable("the connection broke off, or the answer was no HTTP".to_owned())
}

fn of_connection(error: &io::Error) -> &'static str {
    if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return of_tls(error);
    }
    match error.kind() {
        ErrorKind::ConnectionRefused => "the connection was refused",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => "there is no way to the host",
        ErrorKind::TimedOut => "the host is silent",
        ErrorKind::BrokenPipe
        | ErrorKind::ConnectionAborted
        | ErrorKind::ConnectionReset
        | ErrorKind::NotConnected
        | ErrorKind::UnexpectedEof => "the connection broke off",
        _ => "no connection came about",
    }
}

fn of_tls(error: &rustls::Error) -> &'static str {
    use CertificateError as Certificate;
    let rustls::Error::InvalidCertificate(certificate) = error else {
        return "no TLS connection came about";
    };
    match certificate {
        Certificate::UnknownIssuer => "the certificate comes from nobody known",
        Certificate::NotValidForName | Certificate::NotValidForNameContext { .. } => {
            "the certificate is for another host"
        }
        Certificate::Expired | Certificate::ExpiredContext { .. } => "the certificate has expired",
        Certificate::NotValidYet | Certificate::NotValidYetContext { .. } => "the certificate is not valid yet",
        _ => "the certificate is not valid",
    }
}
