//! What can be said of an address by looking at it alone.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Characters of an address.
pub const LONGEST: usize = 2_000;

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadUrl {
    /// It has not the form of one.
    Form(&'static str),
    /// It is plainly one that nobody outside may make the desk call.
    NotAllowed,
}

/// Scheme, host and port as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Parts<'a> {
    host: &'a str,
    origin: &'a str,
}

/// Whether the text has the form of an address that can be called.
pub fn check_form(url: &str) -> Result<(), BadUrl> {
    parts(url).map(drop)
}

/// Whether the address can be called, as far as its text tells. What a name leads to is for the sender to see.
pub fn check(url: &str) -> Result<(), BadUrl> {
    let host = parts(url)?.host.trim_end_matches('.').to_ascii_lowercase();
    let inner = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let address = match inner {
        Some(text) => Some(IpAddr::V6(text.parse().map_err(|_| BadUrl::Form("The address in brackets is none."))?)),
        None => host.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
    };
    let is_inside = match address {
        Some(address) => is_inside(address),
        None => host == "localhost" || host.ends_with(".localhost") || is_odd_number(&host),
    };
    if is_inside { Err(BadUrl::NotAllowed) } else { Ok(()) }
}

/// Scheme, host and port of an address. What follows may be as good as a password, as with Slack, so this is all
/// that the audit log is told.
pub fn origin(url: &str) -> &str {
    parts(url).map_or("", |parts| parts.origin)
}

/// The host of an address, in small letters.
pub fn host(url: &str) -> String {
    parts(url).map_or("", |parts| parts.host).to_ascii_lowercase()
}

fn parts(url: &str) -> Result<Parts<'_>, BadUrl> {
    if url.chars().count() > LONGEST {
        return Err(BadUrl::Form("Is too long."));
    }
    if url.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '<' | '>' | '"' | '`' | '{' | '}'))
    {
        return Err(BadUrl::Form("May not contain blanks, backslashes, quotes, angle brackets or braces."));
    }
    let (scheme, rest) = url.split_once("://").ok_or(BadUrl::Form("Must begin with https:// or http://."))?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return Err(BadUrl::Form("Must begin with https:// or http://."));
    }
    if url.contains('#') {
        return Err(BadUrl::Form("May not have a fragment (#)."));
    }
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(BadUrl::Form("May not have a name or password; use a header."));
    }
    // The colons of an IPv6 address stand in brackets.
    let port_at = authority.rfind(']').map_or(0, |end| end + 1);
    let (host, port) = match authority[port_at..].find(':') {
        Some(place) => (&authority[..port_at + place], Some(&authority[port_at + place + 1..])),
        None => (authority, None),
    };
    let is_number = |port: &str| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|p| p > 0);
    if port.is_some_and(|port| !is_number(port)) {
        return Err(BadUrl::Form("The port must be 1 to 65535."));
    }
    if host.is_empty() || host.starts_with('.') || (host.contains('[') && !host.ends_with(']')) {
        return Err(BadUrl::Form("Must name a host."));
    }
    Ok(Parts { host, origin: &url[..scheme.len() + 3 + authority.len()] })
}

/// Whether some clients take the name for an IPv4 address, such as `127.1` or `0x7f000001`. Nobody writes one so
/// who means well.
fn is_odd_number(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_hex = last.strip_prefix("0x").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_hexdigit()));
    !last.is_empty() && (is_hex || last.bytes().all(|b| b.is_ascii_digit()))
}

fn is_inside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_inside_v4(v4),
        IpAddr::V6(v6) => match v6.to_ipv4() {
            // Written as or around an IPv4 address, it leads where that one leads.
            Some(v4) => is_inside_v4(v4),
            None => is_inside_v6(v6),
        },
    }
}

fn is_inside_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
}

fn is_inside_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || (a & 0xfe00) == 0xfc00
        || (a & 0xffc0) == 0xfe80
        // Ways to an IPv4 address (NAT64, 6to4, Teredo), documentation, discard.
        || a == 0x64
        || a == 0x2002
        || (a == 0x2001 && (b < 0x200 || b == 0xdb8))
        || a == 0x100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_addresses_pass() {
        for url in [
            "https://hooks.slack.com/services/T0/B0/x",
            "http://example.org",
            "HTTPS://Example.ORG:8443/a?b=c&d=%20",
            "https://8.8.8.8/x",
            "https://[2606:4700::1111]:443/",
            "https://bücher.example/x",
        ] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for url in [
            "",
            "example.org",
            "ftp://example.org",
            "https://",
            "https:///x",
            "https://user@example.org",
            "https://a:b@example.org/",
            "https://example.org:0",
            "https://example.org:99999",
            "https://example.org:+1",
            "https://exa mple.org",
            "https://example.org\\@127.0.0.1",
            "https://example.org/#x",
            "javascript://x",
            "https://:80",
            "https://[::1",
            "https://example.org/\r\nHost:x",
            "//example.org",
            "https://.example",
        ] {
            assert!(matches!(check_form(url), Err(BadUrl::Form(_))), "{url:?}: {:?}", check_form(url));
        }
        assert!(check_form(&format!("https://example.org/{}", "a".repeat(2_000))).is_err());
    }

    #[test]
    fn addresses_inside_are_refused_however_they_are_written() {
        for url in [
            "http://127.0.0.1",
            "http://127.1/",
            "http://2130706433",
            "http://0x7f000001",
            "http://0177.0.0.1.",
            "http://localhost:80",
            "http://LOCALHOST.",
            "http://a.localhost",
            "http://10.0.0.1",
            "http://192.168.1.1",
            "http://172.16.0.1",
            "http://169.254.169.254/latest",
            "http://100.64.0.1",
            "http://0.0.0.0",
            "http://[::1]",
            "http://[::ffff:7f00:1]",
            "http://[::]",
            "http://[fd00::1]",
            "http://[fe80::1]",
            "http://[64:ff9b::7f00:1]",
            "http://[2002:7f00:1::]",
            "http://255.255.255.255",
            "http://224.0.0.1",
            "http://198.18.0.1",
        ] {
            assert_eq!(check(url), Err(BadUrl::NotAllowed), "{url}");
            assert_eq!(check_form(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn an_origin_tells_nothing_of_the_path() {
        assert_eq!(origin("https://hooks.slack.com/services/secret?x=y"), "https://hooks.slack.com");
        assert_eq!(origin("http://a.example:81?secret"), "http://a.example:81");
        assert_eq!(origin("nonsense"), "");
    }
}
