//! How to reach the server that carries the desk's mail.

use super::connection::{Limits, Server};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use rustls::RootCertStore;
use rustls::pki_types::ServerName;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

/// How the way to the server is kept from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// Not at all. To this machine alone, unless [`SmtpOptions::allow_plain`] says otherwise.
    None,
    /// It begins in plain and changes to TLS before anything is said. A server that does not offer the change
    /// gets neither password nor mail: whoever sits between could have taken the offer out.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

/// With what the desk signs in at the server.
#[derive(Clone)]
pub struct SmtpCredentials {
    /// The name.
    pub user: String,
    /// The secret. Never shown.
    pub password: String,
}

impl fmt::Debug for SmtpCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpCredentials").field("user", &self.user).finish_non_exhaustive()
    }
}

/// Where mail goes and how.
#[derive(Clone, Debug)]
pub struct SmtpOptions {
    /// The server's name or address. With TLS, its certificate has to be for this.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is kept from being read.
    pub tls: SmtpTls,
    /// With what to sign in; none where the server asks for nothing.
    pub credentials: Option<SmtpCredentials>,
    /// Certificates in PEM of authorities that are trusted besides the usual ones and the machine's own.
    pub extra_roots: Option<String>,
    /// Whether mail and password may go to another machine in plain.
    pub allow_plain: bool,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long the server may take to answer a command.
    pub command_timeout: Duration,
    /// How long a mail may take in all, with the wait for a free connection.
    pub send_timeout: Duration,
    /// How many connections there are at once.
    pub connections: usize,
    /// How long a connection is kept that nobody needs.
    pub idle_timeout: Duration,
}

impl SmtpOptions {
    /// Port 587 and STARTTLS, nobody signs in; 10 s to connect, 30 s an answer, 60 s a mail; 8 connections, kept for
    /// 60 s.
    pub fn new(host: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            port: 587,
            tls: SmtpTls::StartTls,
            credentials: None,
            extra_roots: None,
            allow_plain: false,
            connect_timeout: Duration::from_secs(10),
            command_timeout: Duration::from_secs(30),
            send_timeout: Duration::from_mins(1),
            connections: 8,
            idle_timeout: Duration::from_mins(1),
        }
    }

    /// What a connection needs to know, where that can work at all. Reads the machine's certificates.
    pub(super) fn server(&self) -> Result<Server, SmtpError> {
        // `[::1]` is how an address of this kind is written beside a port.
        let host = self.host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(&self.host);
        let name = ServerName::try_from(host).map_err(|_| SmtpError::Host(self.host.clone()))?;
        let is_open = self.tls == SmtpTls::None && !self.allow_plain;
        if is_open && !is_this_machine(&name) {
            return Err(SmtpError::Plain(self.host.clone()));
        }
        let tls = match self.tls {
            SmtpTls::None => Tls::None,
            SmtpTls::StartTls => Tls::Required(self.parameters(host)?),
            SmtpTls::Tls => Tls::Wrapper(self.parameters(host)?),
        };
        let credentials = self.credentials.clone().map(|known| Credentials::new(known.user, known.password));
        let limits = Limits { connect: self.connect_timeout, command: self.command_timeout };
        Ok(Server { host: host.to_owned(), port: self.port, tls, credentials, hello: hello(), limits })
    }

    fn parameters(&self, host: &str) -> Result<TlsParameters, SmtpError> {
        let mut builder = TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::WebpkiRoots);
        // A machine may have certificates that nobody can read, and none of them is worth not sending mail.
        for root in rustls_native_certs::load_native_certs().certs {
            if RootCertStore::empty().add(root.clone()).is_ok() {
                builder = builder.add_root_certificate(Certificate::from_der(root.to_vec()).map_err(roots)?);
            }
        }
        if let Some(pem) = &self.extra_roots {
            builder = builder.add_root_certificate(Certificate::from_pem(pem.as_bytes()).map_err(roots)?);
        }
        builder.build().map_err(roots)
    }
}

/// How we call ourselves: by the machine's name, unless that is none that can be said to a mail server.
fn hello() -> ClientId {
    let is_sayable = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    match ClientId::default() {
        ClientId::Domain(name) if name.is_empty() || !is_sayable(&name) => ClientId::Ipv4(Ipv4Addr::LOCALHOST),
        name => name,
    }
}

fn roots(error: impl fmt::Display) -> SmtpError {
    SmtpError::Roots(error.to_string())
}

/// Whether what is sent there stays here. Names are not looked up: what they say today need not hold when a mail
/// is sent. `localhost` alone is fixed (RFC 6761, 6.3).
fn is_this_machine(name: &ServerName<'_>) -> bool {
    match name {
        ServerName::DnsName(name) => name.as_ref().trim_end_matches('.').eq_ignore_ascii_case("localhost"),
        ServerName::IpAddress(address) => IpAddr::from(*address).to_canonical().is_loopback(),
        _ => false,
    }
}

/// Why no mail can be sent this way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmtpError {
    /// It is neither a host name nor an address.
    #[error("`{0}` is neither a host name nor an address")]
    Host(String),
    /// Everybody on the way could read mails and password.
    #[error(
        "without TLS mail goes to this machine alone (localhost, 127.0.0.1, ::1), and `{0}` is another: use starttls or tls"
    )]
    Plain(String),
    /// The certificates to trust can't be read.
    #[error("the certificates to trust can't be used: {0}")]
    Roots(String),
    /// The server did not let us in; this is what went wrong, in one line.
    #[error("{0}")]
    Unready(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(host: &str, tls: SmtpTls) -> Result<Server, SmtpError> {
        SmtpOptions { tls, ..SmtpOptions::new(host) }.server()
    }

    #[test]
    fn plain_goes_to_this_machine_alone() {
        for host in
            ["localhost", "LocalHost", "localhost.", "127.0.0.1", "127.8.9.1", "::1", "[::1]", "::ffff:127.0.0.1"]
        {
            assert!(server(host, SmtpTls::None).is_ok(), "{host}");
        }
        for host in ["mail.example.org", "localhost.example.org", "10.0.0.1", "0.0.0.0", "::", "[fe80::1]", "192.0.2.1"]
        {
            let error = server(host, SmtpTls::None).unwrap_err();
            assert_eq!(error, SmtpError::Plain(host.into()));
            assert!(error.to_string().contains("use starttls or tls"), "{error}");
            assert!(server(host, SmtpTls::StartTls).is_ok(), "{host}");
            let options = SmtpOptions { tls: SmtpTls::None, allow_plain: true, ..SmtpOptions::new(host) };
            assert!(options.server().is_ok(), "{host}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for host in ["", "mail example.org", "mail.example.org:587", "smtp://mail.example.org", "a\r\nb"] {
            for tls in [SmtpTls::None, SmtpTls::StartTls, SmtpTls::Tls] {
                assert_eq!(server(host, tls).unwrap_err(), SmtpError::Host(host.into()));
            }
        }
    }

    #[test]
    fn roots_that_are_none_are_refused() {
        let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let options = SmtpOptions { extra_roots: Some(pem.into()), ..SmtpOptions::new("localhost") };
        assert!(matches!(options.server(), Err(SmtpError::Roots(_))));
    }

    #[test]
    fn a_password_is_not_shown() {
        let mut options = SmtpOptions::new("localhost");
        options.credentials = Some(SmtpCredentials { user: "desk".into(), password: "hidden-thing".into() });
        let shown = format!("{options:?}");
        assert!(shown.contains("desk") && !shown.contains("hidden-thing"), "{shown}");
    }
}
