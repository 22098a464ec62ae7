//! From a name to addresses that may be called.

use super::guard::Guard;
use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use ticketing_core::port::WebhookError;
use tokio::sync::Semaphore;

/// Knows the addresses of names. What it says is checked like anybody's word.
#[async_trait]
pub trait Lookup: Send + Sync {
    /// All addresses of a name; none, or an error, where it has none.
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// Asks the operating system.
#[derive(Clone, Debug)]
pub struct SystemLookup {
    permits: Arc<Semaphore>,
}

impl SystemLookup {
    /// How many names are looked up at once. The system's call can't be broken off, so names whose servers stay silent
    /// would otherwise take thread after thread.
    const AT_ONCE: usize = 64;
}

impl Default for SystemLookup {
    fn default() -> Self {
        Self { permits: Arc::new(Semaphore::new(Self::AT_ONCE)) }
    }
}

#[async_trait]
impl Lookup for SystemLookup {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(io::Error::other)?;
        let name = name.to_owned();
        let ask = move || {
            let found = (name.as_str(), 0).to_socket_addrs().map(|all| all.map(|address| address.ip()).collect());
            // Given back only now, however long ago whoever asked has left.
            drop(permit);
            found
        };
        tokio::task::spawn_blocking(ask).await.map_err(io::Error::other)?
    }
}

/// Hands out addresses only where every address of the name may be called. A name that leads to a good and to a bad one
/// is refused whole: nobody needs to know then which of them a connection would have taken.
#[derive(Clone)]
pub(super) struct Resolver {
    guard: Guard,
    lookup: Arc<dyn Lookup>,
}

/// This machine, under the names that are its own (RFC 6761).
const LOOPBACK: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
/// How many addresses of one name a call tries at most.
const TRIED: usize = 8;

impl Resolver {
    pub(super) fn new(guard: Guard, lookup: Arc<dyn Lookup>) -> Self {
        Self { guard, lookup }
    }

    /// Whether an address that stands in the URL itself may be called.
    pub(super) fn literal(&self, address: IpAddr) -> Result<(), WebhookError> {
        if self.guard.allows(address) {
            return Ok(());
        }
        tracing::warn!(%address, "a webhook leads to an address that is not allowed");
        Err(WebhookError::NotAllowed)
    }

    /// The addresses of a name, each of them allowed, at least one.
    pub(super) async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, WebhookError> {
        if is_local(name) {
            return self.local(name);
        }
        let found = self.lookup.addresses(name).await.map_err(|error| {
            tracing::debug!(host = name, %error, "a webhook's host could not be resolved");
            WebhookError::Unresolved
        })?;
        if let Some(address) = found.iter().find(|address| !self.guard.allows(**address)) {
            tracing::warn!(host = name, %address, "a webhook's host leads to an address that is not allowed");
            return Err(WebhookError::NotAllowed);
        }
        if found.is_empty() { Err(WebhookError::Unresolved) } else { Ok(found) }
    }

    /// Nobody is asked what `localhost` is. Here one allowed address is enough: an administrator who opens 127.0.0.1 need
    /// not think of `::1`.
    fn local(&self, name: &str) -> Result<Vec<IpAddr>, WebhookError> {
        let open: Vec<_> = LOOPBACK.into_iter().filter(|address| self.guard.allows(*address)).collect();
        if open.is_empty() {
            tracing::warn!(host = name, "a webhook leads to this machine, which is not allowed");
            return Err(WebhookError::NotAllowed);
        }
        Ok(open)
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let addresses = resolver.addresses(name.as_str()).await?;
            // The client puts in the port.
            let with_port = addresses.into_iter().take(TRIED).map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(with_port) as Addrs)
        })
    }
}

/// `localhost`, and every name that ends in it.
fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    let last = name.rsplit('.').next().unwrap_or(name);
    last.eq_ignore_ascii_case("localhost")
}
