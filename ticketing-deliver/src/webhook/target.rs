//! Where a call goes, as the client will read it.

use reqwest::Url;
use std::net::IpAddr;
use ticketing_core::port::WebhookError;

/// The longest URL in bytes.
const LONGEST: usize = 2048;

/// An URL that can be called, as far as its text says.
#[derive(Debug)]
pub(super) struct Target {
    /// What the client gets, so that nobody reads the text a second time and in another way.
    pub(super) url: Url,
    pub(super) host: Host,
}

/// Whom an URL names.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Host {
    /// An address; no resolver will ever be asked about it. All its spellings (`0x7f000001`, `127.1`, `0177.0.0.1`,
    /// `2130706433`, full-width digits) are the same here.
    Address(IpAddr),
    /// A name, in small ASCII letters.
    Name(String),
}

impl Target {
    pub(super) fn parse(text: &str) -> Result<Self, WebhookError> {
        let invalid = |why: &str| WebhookError::Invalid(why.to_owned());
        if text.len() > LONGEST {
            return Err(invalid("the url is longer than 2048 bytes"));
        }
        // The parser would drop some of these without a word.
        if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(invalid("the url holds a space or a control character"));
        }
        let url = Url::parse(text).map_err(|_| invalid("the url is none"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(invalid("the url must begin with http:// or https://"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid("the url must not hold a user or a password"));
        }
        if url.fragment().is_some() {
            return Err(invalid("the url must not hold a fragment"));
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| invalid("the url names no host"))?;
        let host = Host::read(host);
        Ok(Self { url, host })
    }
}

impl Host {
    fn read(text: &str) -> Self {
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        bare.parse().map_or_else(|_| Self::Name(text.to_owned()), Self::Address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_an_address_is_that_address() {
        for (text, address) in [
            ("http://127.0.0.1", "127.0.0.1"),
            ("http://0x7f000001/", "127.0.0.1"),
            ("http://0X7F.1:80", "127.0.0.1"),
            ("http://2130706433", "127.0.0.1"),
            ("http://0177.0.0.1", "127.0.0.1"),
            ("http://127.0.0.1.", "127.0.0.1"),
            ("http://127%2e0%2E0.1", "127.0.0.1"),
            ("http://１２７．１", "127.0.0.1"),
            ("http:\\\\127.0.0.1", "127.0.0.1"),
            ("https:127.0.0.1", "127.0.0.1"),
            ("http://[0:0::1]", "::1"),
            ("http://[::FFFF:127.0.0.1]:8080/a", "::ffff:127.0.0.1"),
        ] {
            let host = Target::parse(text).map(|target| target.host);
            assert_eq!(host, Ok(Host::Address(address.parse().unwrap())), "{text}");
        }
    }

    #[test]
    fn a_name_stays_one() {
        for (text, name) in [
            ("https://hooks.example.org/a?b=c", "hooks.example.org"),
            ("https://HOOKS.example.org./", "hooks.example.org."),
            ("https://bücher.example:8443", "xn--bcher-kva.example"),
            ("http://127.0.0.1.example.org", "127.0.0.1.example.org"),
        ] {
            assert_eq!(Target::parse(text).map(|target| target.host), Ok(Host::Name(name.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_can_not_be_called_is_refused() {
        let long = format!("https://example.org/{}", "a".repeat(LONGEST));
        for text in [
            "",
            "example.org",
            "//example.org",
            "/hook",
            "http://",
            "http://:80",
            "http://[::1",
            "http://[fe80::1%25eth0]/",
            "http://1.2.3.4.5",
            "http://256.0.0.1",
            "http://example.org:99999",
            "http://exa mple.org",
            " http://example.org",
            "http://example.org\n",
            "ht\ntp://example.org",
            "http://example.org/\r\nHost:a",
            "http://example.org/\u{a0}",
            "http://example.org\0",
            "ftp://example.org",
            "file:///etc/passwd",
            "gopher://example.org",
            "javascript:alert(1)",
            "data:,a",
            "unix:/var/run/docker.sock",
            "http://user@example.org",
            "http://user:secret@example.org",
            "http://:secret@example.org",
            "http://example.org@127.0.0.1",
            "http://127.0.0.1#@example.org",
            "https://example.org/#a",
            "https://example.org/#",
            &long,
        ] {
            let told = Target::parse(text).map(|target| target.url);
            assert!(matches!(told, Err(WebhookError::Invalid(_))), "{text:?}: {told:?}");
        }
    }
}
