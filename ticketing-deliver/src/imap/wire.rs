//! The way to a mail server.

use super::trouble::{BadRoots, Trouble};
use super::{ImapOptions, token};
use crate::roots::known_roots;
use async_imap::Client;
use async_imap::imap_proto::{Response, Status};
use reqwest::Client as HttpClient;
use rustls::ClientConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use std::fmt::{self, Debug};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use ticketing_core::Desk;
use ticketing_core::model::{ImapAccount, ImapSecurity};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// How much a server may say in an answer that is not a mail or a list.
pub(super) const ANSWER: usize = 64 * 1024;

/// What all mailboxes share.
pub(super) struct House {
    pub desk: Desk,
    pub options: ImapOptions,
    pub tls: TlsConnector,
    /// For tokens.
    pub http: HttpClient,
}

impl House {
    pub fn new(desk: Desk, options: ImapOptions) -> Result<Self, BadRoots> {
        let mut roots = known_roots();
        if let Some(pem) = &options.extra_roots {
            for root in CertificateDer::pem_slice_iter(pem.as_bytes()) {
                let root = root.map_err(|error| BadRoots(error.to_string()))?;
                roots.add(root).map_err(|error| BadRoots(error.to_string()))?;
            }
        }
        let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| BadRoots(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let http = token::client(tls.clone(), &options).map_err(|error| BadRoots(error.to_string()))?;
        Ok(Self { desk, options, tls: TlsConnector::from(Arc::new(tls)), http })
    }
}

/// A connection, whatever it goes through.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin + Debug {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin + Debug> Wire for T {}

/// A connection on which no more comes in than was asked for: what an answer is read into grows with the answer.
pub(super) struct Metered {
    wire: Box<dyn Wire>,
    left: usize,
}

impl Metered {
    pub fn new(wire: Box<dyn Wire>) -> Self {
        Self { wire, left: ANSWER }
    }

    /// How many bytes may come from now on.
    pub fn allow(&mut self, bytes: usize) {
        self.left = bytes;
    }
}

impl Debug for Metered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metered").field("left", &self.left).finish_non_exhaustive()
    }
}

impl AsyncRead for Metered {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.left == 0 {
            return Poll::Ready(Err(io::ErrorKind::FileTooLarge.into()));
        }
        let before = into.filled().len();
        ready!(Pin::new(&mut self.wire).poll_read(cx, into))?;
        self.left = self.left.saturating_sub(into.filled().len() - before);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Metered {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.wire).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_shutdown(cx)
    }
}

/// Connects, goes over to TLS where the account says so, and hears the greeting.
pub(super) async fn connect(house: &House, account: &ImapAccount) -> Result<Client<Metered>, Trouble> {
    let limit = house.options.connect_timeout;
    timeout(limit, open(house, account)).await.map_err(|_| Trouble::Silence(limit))?
}

async fn open(house: &House, account: &ImapAccount) -> Result<Client<Metered>, Trouble> {
    // `[::1]` is how an address of this kind is written beside a port.
    let host = account.host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(&account.host);
    let stream = TcpStream::connect((host, account.port)).await.map_err(Trouble::Connect)?;
    stream.set_nodelay(true).map_err(Trouble::Connect)?;
    let is_near = stream.peer_addr().map_err(Trouble::Connect)?.ip().to_canonical().is_loopback();
    match account.security {
        ImapSecurity::None if !is_near => Err(Trouble::Open),
        ImapSecurity::None => greeted(Box::new(stream)).await,
        ImapSecurity::Tls => greeted(secured(house, host, Box::new(stream)).await?).await,
        ImapSecurity::StartTls => {
            let mut client = greeted(Box::new(stream)).await?;
            client.run_command_and_check_ok("STARTTLS", None).await.map_err(|error| match error {
                async_imap::error::Error::No(text) | async_imap::error::Error::Bad(text) => {
                    Trouble::No { command: "STARTTLS", text }
                }
                other => other.into(),
            })?;
            // What was said in plain behind the answer is forgotten with the client: anybody could have put it there.
            let wire = secured(house, host, client.into_inner().wire).await?;
            Ok(Client::new(Metered::new(wire)))
        }
    }
}

async fn secured(house: &House, host: &str, wire: Box<dyn Wire>) -> Result<Box<dyn Wire>, Trouble> {
    let name = ServerName::try_from(host.to_owned()).map_err(|error| Trouble::Connect(io::Error::other(error)))?;
    Ok(Box::new(house.tls.connect(name, wire).await.map_err(Trouble::Connect)?))
}

async fn greeted(wire: Box<dyn Wire>) -> Result<Client<Metered>, Trouble> {
    let mut client = Client::new(Metered::new(wire));
    let Some(greeting) = client.read_response().await? else { return Err(Trouble::Lost(None)) };
    match greeting.parsed() {
        Response::Data { status: Status::Ok, .. } => Ok(client),
        // Nobody is signed in before they have signed in, least of all before TLS.
        other => Err(Trouble::Greeting(format!("{other:?}").chars().take(100).collect())),
    }
}
