//! Readers of one value each. They answer `None` for what they can't accept; the table in
//! [`super::setting`] has the words that say what was wanted.

use super::Secret;
use axum::http::Uri;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;
use ticketing_core::Network;
use ticketing_core::port::Mailbox;
use ticketing_http::RateLimit;
use ticketing_store::RedisBus;

/// Ten years: long enough for anybody, short enough for every arithmetic of time.
const LONGEST: Duration = Duration::from_hours(3650 * 24);

/// A value that may be left out.
pub fn maybe<T>(read: impl FnOnce(&str) -> Option<T>) -> impl FnOnce(&str) -> Option<Option<T>> {
    move |text| if text.is_empty() { Some(None) } else { read(text).map(Some) }
}

/// Any text.
#[allow(clippy::unnecessary_wraps)] // Every reader has this shape.
pub fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Any path.
#[allow(clippy::unnecessary_wraps)]
pub fn path(text: &str) -> Option<PathBuf> {
    Some(PathBuf::from(text))
}

/// Any text that must not be shown.
#[allow(clippy::unnecessary_wraps)]
pub fn secret(text: &str) -> Option<Secret> {
    Some(Secret::new(text))
}

/// A TCP port. Zero lets the system pick one.
pub fn port(text: &str) -> Option<u16> {
    text.parse().ok()
}

/// A port that somebody else listens on.
pub fn far_port(text: &str) -> Option<u16> {
    port(text).filter(|port| *port != 0)
}

/// A host name, or an address of either family without brackets.
pub fn host(text: &str) -> Option<String> {
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    (text.parse::<IpAddr>().is_ok() || text.chars().all(name)).then(|| text.to_owned())
}

/// A host name, an address, or the folder of a Unix socket.
pub fn database_host(text: &str) -> Option<String> {
    if text.starts_with('/') { Some(text.to_owned()) } else { host(text) }
}

/// `90s`, `15m`, `4h`, `30d`.
pub fn wait(text: &str) -> Option<Duration> {
    let unit = text.chars().last()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        _ => return None,
    };
    let digits = text.strip_suffix(unit)?;
    let digits = digits.bytes().all(|b| b.is_ascii_digit()).then_some(digits)?;
    let wait = Duration::from_secs(digits.parse::<u64>().ok()?.checked_mul(seconds)?);
    (wait <= LONGEST).then_some(wait)
}

/// A wait of at least a second.
pub fn span(text: &str) -> Option<Duration> {
    wait(text).filter(|span| !span.is_zero())
}

/// `100/15m`, or `off`.
#[allow(clippy::option_option)] // Every reader has this shape; the inner one is a limit that is off.
pub fn rate(text: &str) -> Option<Option<RateLimit>> {
    if text == "off" { Some(None) } else { text.parse().ok().map(Some) }
}

/// A number of connections.
pub fn pool_size(text: &str) -> Option<u32> {
    text.parse().ok().filter(|size| (2..=1000).contains(size))
}

/// How many sockets there are at most.
pub fn sockets(text: &str) -> Option<usize> {
    text.parse().ok().filter(|count| (1..=1_000_000).contains(count))
}

/// The address under which people reach the desk, without a slash at its end.
pub fn web_address(text: &str) -> Option<String> {
    let trimmed = text.trim_end_matches('/');
    let uri: Uri = trimmed.parse().ok()?;
    let web = matches!(uri.scheme_str(), Some("http" | "https"));
    let plain = uri.query().is_none() && !text.contains(['#', '@']) && !text.contains(char::is_whitespace);
    (web && plain && uri.host().is_some_and(|host| !host.is_empty())).then(|| trimmed.to_owned())
}

/// Web origins, separated by commas, or `*`.
pub fn origins(text: &str) -> Option<Vec<String>> {
    if text == "*" {
        return Some(vec![text.to_owned()]);
    }
    let origin = |text: &str| {
        let origin = web_address(text)?;
        let (_, authority) = origin.split_once("://")?;
        (!authority.contains('/')).then_some(origin.to_ascii_lowercase())
    };
    text.split(',').map(|part| origin(part.trim())).collect()
}

/// Addresses and networks in CIDR notation, separated by commas.
pub fn networks(text: &str) -> Option<Vec<Network>> {
    text.split(',').map(|part| part.trim().parse().ok()).collect()
}

/// Where a PostgreSQL database is.
pub fn database_url(text: &str) -> Option<Secret> {
    let rest = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://"))?;
    let plain = !rest.is_empty() && !rest.contains(char::is_whitespace);
    plain.then(|| Secret::new(text))
}

/// Where a Redis is.
pub fn redis_url(text: &str) -> Option<Secret> {
    RedisBus::is_address(text).then(|| Secret::new(text))
}

/// Where mail servers find the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LmtpAddress {
    /// On a port of this machine.
    Tcp(SocketAddr),
    /// On a file.
    Unix(PathBuf),
}

/// `127.0.0.1:2424`, or `unix:/path`.
pub fn lmtp_address(text: &str) -> Option<LmtpAddress> {
    match text.strip_prefix("unix:") {
        Some(path) => (!path.is_empty()).then(|| LmtpAddress::Unix(PathBuf::from(path))),
        None => text.parse().ok().map(LmtpAddress::Tcp),
    }
}

/// A secret that is long enough to keep strangers out.
pub fn shared_secret(text: &str) -> Option<Secret> {
    (text.len() >= 16).then(|| Secret::new(text))
}

/// `25MiB`, `64KiB`, or bytes alone.
pub fn size(text: &str) -> Option<usize> {
    let (digits, unit) = match text {
        _ if text.ends_with("MiB") => (&text[..text.len() - 3], 1024 * 1024),
        _ if text.ends_with("KiB") => (&text[..text.len() - 3], 1024),
        _ => (text, 1),
    };
    let digits = digits.bytes().all(|b| b.is_ascii_digit()).then_some(digits)?;
    digits.parse::<usize>().ok()?.checked_mul(unit)
}

/// How large a mail may be.
pub fn file_size(text: &str) -> Option<usize> {
    size(text).filter(|size| (64 * 1024..=100 * 1024 * 1024).contains(size))
}

/// Something that can be a mail address.
pub fn email(text: &str) -> Option<String> {
    let (local, domain) = text.rsplit_once('@')?;
    let plain = !local.is_empty() && !domain.is_empty() && !text.contains(char::is_whitespace);
    plain.then(|| text.to_owned())
}

/// `support@desk.example`, or `Support <support@desk.example>`.
pub fn mailbox(text: &str) -> Option<Mailbox> {
    let (name, address) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, address)) => (Some(name.trim().trim_matches('"').to_owned()), address.trim()),
        None => (None, text.trim()),
    };
    let name = name.filter(|name| !name.is_empty());
    let plain = !address.contains(['<', '>', '"', ','])
        && name.as_ref().is_none_or(|name| !name.contains(['<', '>', '"']) && !name.contains(char::is_control));
    email(address).filter(|_| plain).map(|address| Mailbox { name, address })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_have_a_unit_and_an_end() {
        assert_eq!(wait("15m"), Some(Duration::from_mins(15)));
        assert_eq!(wait("30d"), Some(Duration::from_hours(30 * 24)));
        assert_eq!(wait("0s"), Some(Duration::ZERO));
        assert_eq!(span("0s"), None);
        for bad in ["", "15", "m", "-1s", "+1s", "1.5h", "1 h", "1w", "99999999999999999999d", "4000d", "é"] {
            assert_eq!(wait(bad), None, "{bad}");
        }
    }

    #[test]
    fn web_addresses_lose_their_last_slash_and_take_nothing_else() {
        assert_eq!(web_address("https://desk.example/").as_deref(), Some("https://desk.example"));
        assert_eq!(web_address("http://[::1]:5000").as_deref(), Some("http://[::1]:5000"));
        assert_eq!(web_address("https://desk.example/help/").as_deref(), Some("https://desk.example/help"));
        for bad in ["desk.example", "ftp://desk.example", "https://", "https://a b", "https://x/?q", "https://u@x"] {
            assert_eq!(web_address(bad), None, "{bad}");
        }
        assert_eq!(origins("https://A.example, http://b.example:8080").map(|o| o.len()), Some(2));
        assert_eq!(origins("https://a.example/path"), None);
        assert_eq!(origins("https://a.example,,"), None);
    }

    #[test]
    fn a_mailbox_has_a_name_or_none() {
        let of =
            |name: Option<&str>, address: &str| Mailbox { name: name.map(str::to_owned), address: address.to_owned() };
        assert_eq!(mailbox("a@b.example"), Some(of(None, "a@b.example")));
        assert_eq!(mailbox("Help desk <a@b.example>"), Some(of(Some("Help desk"), "a@b.example")));
        assert_eq!(mailbox("\"Help, desk\" <a@b.example>"), Some(of(Some("Help, desk"), "a@b.example")));
        for bad in ["", "a", "Help <a>", "a@b.example>", "x <y> <a@b.example>", "a b@c.example"] {
            assert_eq!(mailbox(bad), None, "{bad}");
        }
    }

    #[test]
    fn sizes_are_bytes_with_a_unit_or_without() {
        assert_eq!(size("25MiB"), Some(25 * 1024 * 1024));
        assert_eq!((size("64KiB"), size("70000")), (Some(64 * 1024), Some(70_000)));
        for bad in ["", "MiB", "25MB", "25 MiB", "-1", "+1", "1.5MiB", "99999999999999999999", "99999999999999MiB"] {
            assert_eq!(size(bad), None, "{bad}");
        }
        assert_eq!((file_size("63KiB"), file_size("101MiB")), (None, None));
    }

    #[test]
    fn a_door_for_mail_servers_is_a_port_or_a_file() {
        let port = LmtpAddress::Tcp(SocketAddr::from(([127, 0, 0, 1], 2424)));
        assert_eq!(lmtp_address("127.0.0.1:2424"), Some(port));
        assert_eq!(lmtp_address("unix:/run/desk.sock"), Some(LmtpAddress::Unix(PathBuf::from("/run/desk.sock"))));
        for bad in ["", "2424", "localhost:2424", "127.0.0.1", "unix:", "/run/desk.sock"] {
            assert_eq!(lmtp_address(bad), None, "{bad}");
        }
        assert!(shared_secret("sixteen bytes ok").is_some() && shared_secret("fifteen bytes .").is_none());
    }

    #[test]
    fn networks_are_a_list() {
        assert_eq!(networks("10.0.0.0/8, ::1,192.0.2.7").map(|networks| networks.len()), Some(3));
        assert!(networks("10.0.0.0/8,").is_none() && networks("ten").is_none());
    }

    #[test]
    fn hosts_and_databases_are_told_from_other_text() {
        assert!(host("::1").is_some() && host("desk.example").is_some());
        assert!(host("http://desk").is_none() && host("a b").is_none());
        assert!(database_host("/var/run/postgresql").is_some());
        assert!(database_url("postgresql://u:p@h/d").is_some());
        assert!(database_url("sqlite:desk.db").is_none());
        for good in ["redis://h", "redis://:p@h:6379/0", "rediss://u:p@h", "redis+unix:///run/redis.sock"] {
            assert!(redis_url(good).is_some(), "{good}");
        }
        for bad in ["h:6379", "http://h", "redis://h:port"] {
            assert!(redis_url(bad).is_none(), "{bad}");
        }
    }
}
