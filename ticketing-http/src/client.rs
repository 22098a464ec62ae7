//! Where a request comes from, as far as that can be believed.

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use std::net::{IpAddr, SocketAddr};
use ticketing_core::{Network, Origin};

pub(crate) const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// The longest name of a client that is kept, in bytes.
const AGENT_LENGTH: usize = 512;

/// The client's address and what it calls itself.
pub(crate) fn origin(parts: &Parts, trusted: &[Network]) -> Origin {
    let peer = peer(parts);
    let client = peer.map(|peer| address(peer, &parts.headers, trusted));
    let text = |address: Option<IpAddr>| address.map(|address| address.to_string());
    let passed_on = text(peer.filter(|_| peer != client));
    Origin::Http { ip: text(client), peer: passed_on, user_agent: user_agent(&parts.headers) }
}

/// The client's address, where the server knows it at all.
pub(crate) fn ip(parts: &Parts, trusted: &[Network]) -> Option<IpAddr> {
    peer(parts).map(|peer| address(peer, &parts.headers, trusted))
}

fn peer(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical())
}

/// The peer, unless it is a trusted proxy: then the last address of `X-Forwarded-For` that is not
/// one. A header that can't be read is not believed at all.
fn address(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    if !is_trusted(peer) {
        return peer;
    }
    let mut client = peer;
    let lines: Vec<_> = headers.get_all(FORWARDED_FOR).iter().collect();
    for line in lines.iter().rev() {
        let Ok(text) = line.to_str() else { return peer };
        for hop in text.rsplit(',') {
            let Some(hop) = hop_address(hop.trim()) else { return peer };
            client = hop;
            if !is_trusted(hop) {
                return client;
            }
        }
    }
    client
}

/// An address as proxies write it: bare, in brackets, or with a port.
fn hop_address(text: &str) -> Option<IpAddr> {
    let address = text
        .parse::<IpAddr>()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
        .or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())?;
    Some(address.to_canonical())
}

fn user_agent(headers: &HeaderMap) -> Option<String> {
    let text = String::from_utf8_lossy(headers.get(header::USER_AGENT)?.as_bytes());
    let end = text.floor_char_boundary(AGENT_LENGTH);
    Some(text[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn client(peer: &str, lines: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(line).unwrap());
        }
        let trusted: Vec<Network> = trusted.iter().map(|t| t.parse().unwrap()).collect();
        address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_a_trusted_neighbour_is_believed() {
        assert_eq!(client("203.0.113.9", &["1.1.1.1"], &[]), "203.0.113.9");
        assert_eq!(client("203.0.113.9", &["1.1.1.1"], &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["1.1.1.1"], &["10.0.0.0/8"]), "1.1.1.1");
    }

    #[test]
    fn the_walk_goes_from_the_right_to_the_first_stranger() {
        let trusted = &["10.0.0.0/8", "fd00::/8"];
        assert_eq!(client("10.0.0.1", &["6.6.6.6, 1.1.1.1, 10.0.0.2"], trusted), "1.1.1.1");
        assert_eq!(client("10.0.0.1", &["6.6.6.6", "1.1.1.1, 10.0.0.2"], trusted), "1.1.1.1");
        assert_eq!(client("10.0.0.1", &["10.0.0.3, 10.0.0.2"], trusted), "10.0.0.3");
        assert_eq!(client("10.0.0.1", &["2001:db8::5, [fd00::1]:4711"], trusted), "2001:db8::5");
        assert_eq!(client("10.0.0.1", &["1.2.3.4:5678"], trusted), "1.2.3.4");
        assert_eq!(client("10.0.0.1", &[], trusted), "10.0.0.1");
    }

    #[test]
    fn what_is_no_address_is_not_believed() {
        for bad in ["<b>", "1.1.1.1, unknown", "", "999.1.1.1", "1.1.1.1,"] {
            assert_eq!(client("10.0.0.1", &[bad], &["10.0.0.0/8"]), "10.0.0.1", "{bad}");
        }
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, HeaderValue::from_bytes("ü".repeat(400).as_bytes()).unwrap());
        let name = user_agent(&headers).unwrap();
        assert_eq!(name.len(), 512);
        headers
            .insert(header::USER_AGENT, HeaderValue::from_bytes(format!("a{}", "ü".repeat(400)).as_bytes()).unwrap());
        assert_eq!(user_agent(&headers).unwrap().len(), 511);
    }
}
