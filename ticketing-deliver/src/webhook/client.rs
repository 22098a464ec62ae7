//! The one client for calls to addresses that others chose.

use super::answer::Received;
use super::guard::Guard;
use super::resolve::{Lookup, Resolver, SystemLookup};
use super::target::{Host, Target};
use super::{header, trouble};
use crate::roots::known_roots;
use async_trait::async_trait;
use reqwest::{Client, Method, Request, redirect, retry};
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::Network;
use ticketing_core::port::{BoxError, WebhookAnswer, WebhookError, WebhookRequest, WebhookSender};
use ticketing_core::time::Time;
use tokio::time::timeout;

/// How long a check waits for a name.
const CHECK: Duration = Duration::from_secs(3);
/// How long a connection that nobody uses is kept.
const IDLE: Duration = Duration::from_secs(15);
/// How many such connections one host may hold.
const IDLE_PER_HOST: usize = 2;
/// The most headers of an answer.
const HEADERS: usize = 100;

/// Calls webhooks, where the [`Guard`] lets it.
#[derive(Clone)]
pub struct GuardedWebhookSender {
    resolver: Resolver,
    client: Client,
}

/// The HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the client for webhooks could not be made")]
pub struct NoClient(#[source] BoxError);

impl GuardedWebhookSender {
    /// A sender that may call the public internet and these networks. Reads the machine's certificates, so that one
    /// is made at the start and kept.
    pub fn new(allowed: Vec<Network>) -> Result<Self, NoClient> {
        Self::with_lookup(allowed, Arc::new(SystemLookup::default()))
    }

    /// The same with a resolver of your own. What it answers is checked like the system's.
    pub fn with_lookup(allowed: Vec<Network>, lookup: Arc<dyn Lookup>) -> Result<Self, NoClient> {
        Self::with_roots(allowed, lookup, known_roots())
    }

    pub(super) fn with_roots(
        allowed: Vec<Network>,
        lookup: Arc<dyn Lookup>,
        roots: RootCertStore,
    ) -> Result<Self, NoClient> {
        let resolver = Resolver::new(Guard::new(allowed), lookup);
        let client = client(resolver.clone(), roots).map_err(NoClient)?;
        Ok(Self { resolver, client })
    }

    /// Makes the call and puts into `received` what has come, piece by piece: it is still there when the time is over.
    async fn call(&self, call: Request, at: Time, received: &mut Option<Received>) -> Result<(), reqwest::Error> {
        let response = self.client.execute(call).await?;
        received.insert(Received::head(&response, at)).read(response).await
    }
}

fn client(resolver: Resolver, roots: RootCertStore) -> Result<Client, BoxError> {
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = Client::builder()
        .tls_backend_preconfigured(tls)
        .dns_resolver(Arc::new(resolver))
        // What an endpoint answers must not choose where the desk calls next, and the environment must not choose who
        // calls in its place.
        .redirect(redirect::Policy::none())
        .no_proxy()
        .retry(retry::never())
        .referer(false)
        // Where another crate of the program switches these on, they stay off here: an answer of 1 KiB must not grow.
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .http1_only()
        .http1_max_headers(HEADERS)
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(IDLE_PER_HOST)
        .build()?;
    Ok(client)
}

#[async_trait]
impl WebhookSender for GuardedWebhookSender {
    async fn send(&self, request: &WebhookRequest) -> Result<WebhookAnswer, WebhookError> {
        let Target { url, host } = Target::parse(&request.url)?;
        // The resolver never hears of an address that stands in the URL.
        if let Host::Address(address) = host {
            self.resolver.literal(address)?;
        }
        let headers = header::of(request)?;
        let sent = header::shown(&headers);
        let host = url.host_str().unwrap_or_default().to_owned();
        let mut call = Request::new(Method::POST, url);
        *call.headers_mut() = headers;
        *call.body_mut() = Some(request.body.clone().into());

        let mut received = None;
        let outcome = timeout(request.timeout, self.call(call, request.at, &mut received)).await;
        match (received, outcome) {
            // The status is what the endpoint had to say, whatever became of the body.
            (Some(received), _) => Ok(received.answer(sent)),
            (None, Ok(Err(error))) => Err(trouble::of(error, &host)),
            (None, _) => Err(WebhookError::Timeout(request.timeout)),
        }
    }

    async fn check(&self, url: &str) -> Result<(), WebhookError> {
        match Target::parse(url)?.host {
            Host::Address(address) => self.resolver.literal(address),
            Host::Name(name) => match timeout(CHECK, self.resolver.addresses(&name)).await {
                Ok(Err(WebhookError::NotAllowed)) => Err(WebhookError::NotAllowed),
                _ => Ok(()),
            },
        }
    }
}
