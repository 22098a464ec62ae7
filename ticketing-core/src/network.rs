//! Ranges of addresses, as administrators name them: trusted proxies, networks that webhooks may reach.

use ipnet::{IpNet, Ipv4Net};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A range of addresses, written `10.0.0.0/8`, `fd00::/8` or as a single address. An IPv4 range in IPv6 clothes
/// (`::ffff:10.0.0.0/104`) counts as what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(IpNet);

/// The text is not a range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an address or a range such as 10.0.0.0/8")]
pub struct NotANetwork;

/// How many bits of an IPv4 address in IPv6 clothes are the clothes.
const MAPPED: u8 = 96;

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text.trim(), None),
        };
        // The address is read by the standard library: no leading zeros, so that nobody can mean octal.
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let range = match prefix {
            None => IpNet::from(address),
            Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
                let prefix = digits.parse().map_err(|_| NotANetwork)?;
                IpNet::new(address, prefix).map_err(|_| NotANetwork)?
            }
            Some(_) => return Err(NotANetwork),
        };
        Ok(Self::of(range))
    }
}

impl Network {
    /// The range without the bits behind its prefix, and without IPv6 clothes.
    fn of(range: IpNet) -> Self {
        let plain = match (range.addr().to_canonical(), range.prefix_len().checked_sub(MAPPED)) {
            (IpAddr::V4(address), Some(prefix)) if range.addr().is_ipv6() => {
                Ipv4Net::new(address, prefix).map_or(range, IpNet::V4)
            }
            _ => range,
        };
        Self(plain.trunc())
    }

    /// Whether the address lies in it. An IPv4 address in IPv6 clothes counts as what it is.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self::of(IpNet::from(address))
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_contains_its_addresses_and_no_others() {
        let holds =
            |network: &str, address: &str| network.parse::<Network>().unwrap().contains(address.parse().unwrap());
        assert!(holds("10.0.0.0/8", "10.255.1.2"));
        assert!(holds("10.1.2.3/8", "10.255.1.2"));
        assert!(holds("10.0.0.0/8", "::ffff:10.1.1.1"));
        assert!(!holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("127.0.0.1", "127.0.0.1"));
        assert!(!holds("127.0.0.1", "127.0.0.2"));
        assert!(holds("::1", "::1"));
        assert!(!holds("::1", "::2"));
        assert!(holds("0.0.0.0/0", "8.8.8.8"));
        assert!(!holds("0.0.0.0/0", "2001:db8::1"));
        assert!(holds("fd00::/8", "fd12::1"));
        assert!(!holds("fd00::/8", "fe80::1"));
        assert!(!holds("::/0", "10.0.0.1"));
        assert!(holds("::ffff:10.0.0.0/104", "10.1.2.3"));
        assert!(holds("::ffff:127.0.0.1", "127.0.0.1"));
        assert!(!holds("::ffff:127.0.0.1", "127.0.0.2"));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "/", "/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0/256"] {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork), "{text}");
        }
        for text in ["::/129", "ten", "10.0.0/8", "010.0.0.0/8", "0x0a.0.0.0/8", "fe80::1%eth0", "[::1]", "10.0.0.0 /8"]
        {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork), "{text}");
        }
    }

    #[test]
    fn a_network_is_written_as_it_is_read() {
        for (text, written) in [
            ("10.1.2.3/8", "10.0.0.0/8"),
            (" 127.0.0.1 ", "127.0.0.1/32"),
            ("FD00::1/8", "fd00::/8"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ] {
            let network: Network = text.parse().unwrap();
            assert_eq!(network.to_string(), written);
            assert_eq!(written.parse(), Ok(network));
        }
    }
}
