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
    let mut kind = None;
    while let Some(error) = cause {
        // What the resolver said comes back wrapped.
        if let Some(ours) = error.downcast_ref::<WebhookError>() {
            return ours.clone();
        }
        if let Some(error) = error.downcast_ref::<rustls::Error>() {
            return WebhookError::Unreachable(of_tls(error).to_owned());
        }
        // An I/O error's `source` passes over the very error that it holds.
        cause = match error.downcast_ref::<io::Error>() {
            Some(error) => {
                kind = Some(error.kind());
                error.get_ref().map(|inner| inner as &(dyn Error + 'static))
            }
            None => error.source(),
        };
    }
    let why = kind.map_or("the connection broke off, or the answer was no HTTP", of_connection);
    WebhookError::Unreachable(why.to_owned())
}

fn of_connection(kind: ErrorKind) -> &'static str {
    match kind {
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
