//! Which addresses may be called.

use ipnet::{Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use ticketing_core::Network;

/// Lets a webhook reach the public internet and nothing else: neither this machine, nor the networks around it, nor
/// the services of a cloud that answer to whoever asks from within. Networks that the administrator allows are open too.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    allowed: Vec<Network>,
}

impl Guard {
    /// A guard that opens these networks besides the public internet.
    pub fn new(allowed: Vec<Network>) -> Self {
        Self { allowed }
    }

    /// Whether this address may be called. An IPv4 address in IPv6 clothes (`::ffff:127.0.0.1`) counts as what it is.
    pub fn allows(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || self.allowed.iter().any(|network| network.contains(address))
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

/// The range that begins with these two groups; all that follows is zero.
const fn v6(first: u16, second: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0), prefix)
}

/// What of IPv4 is not the public internet, after IANA's registry of special addresses.
const CLOSED_V4: &[Ipv4Net] = &[
    v4(0, 0, 0, 0, 8),        // this network; Linux takes 0.0.0.0 for itself
    v4(10, 0, 0, 0, 8),       // private
    v4(100, 64, 0, 0, 10),    // shared by a provider's customers; a cloud's metadata too (100.100.100.200)
    v4(127, 0, 0, 0, 8),      // this machine
    v4(168, 63, 129, 16, 32), // public by its number, but Azure's own services, to its machines alone
    v4(169, 254, 0, 0, 16),   // link-local, most clouds' metadata
    v4(172, 16, 0, 0, 12),    // private
    v4(192, 0, 0, 0, 24),     // protocol assignments; a cloud's metadata too (192.0.0.192)
    v4(192, 0, 2, 0, 24),     // documentation
    v4(192, 88, 99, 0, 24),   // relays to 6to4
    v4(192, 168, 0, 0, 16),   // private
    v4(198, 18, 0, 0, 15),    // benchmarks
    v4(198, 51, 100, 0, 24),  // documentation
    v4(203, 0, 113, 0, 24),   // documentation
    v4(224, 0, 0, 0, 4),      // multicast
    v4(240, 0, 0, 0, 4),      // reserved, and broadcast
];

/// The one part of IPv6 that is given out for the public internet. Outside of it lie `::`, `::1`, addresses that hold an
/// IPv4 one (`::a.b.c.d`, and `64:ff9b::/96` with its neighbours), `100::/64`, `5f00::/16`, `fc00::/7`,
/// `fe80::/10`, `fec0::/10` and `ff00::/8`.
const GIVEN_OUT: Ipv6Net = v6(0x2000, 0, 3);

/// What of that part is not the public internet.
const CLOSED_V6: &[Ipv6Net] = &[
    v6(0x2001, 0, 23),     // protocol assignments: Teredo, ORCHID, benchmarks
    v6(0x2001, 0xdb8, 32), // documentation
    v6(0x2002, 0, 16),     // 6to4: whatever IPv4 address it holds
    v6(0x3fff, 0, 20),     // documentation
];

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !CLOSED_V4.iter().any(|range| range.contains(&address)),
        IpAddr::V6(address) => GIVEN_OUT.contains(&address) && !CLOSED_V6.iter().any(|range| range.contains(&address)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(guard: &Guard, address: &str) -> bool {
        guard.allows(address.parse().unwrap())
    }

    /// The first and the last address of each closed range, and some that are known for something.
    const CLOSED: &[&str] = &[
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "100.100.100.200",
        "127.0.0.0",
        "127.0.0.1",
        "127.255.255.255",
        "168.63.129.16",
        "169.254.0.0",
        "169.254.169.254",
        "169.254.255.255",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.0",
        "192.0.0.192",
        "192.0.0.255",
        "192.0.2.0",
        "192.0.2.255",
        "192.88.99.0",
        "192.88.99.255",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.0",
        "198.51.100.255",
        "203.0.113.0",
        "203.0.113.255",
        "224.0.0.0",
        "239.255.255.255",
        "240.0.0.0",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:0:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::a00:1",
        "100::",
        "100::1",
        "100:0:0:1::1",
        "1fff:ffff::1",
        "2001::",
        "2001:0:7f00:1::",
        "2001:1::1",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:1ff:ffff::1",
        "2001:db8::",
        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        "2002::",
        "2002:7f00:1::",
        "2002:808:808::1",
        "3fff::",
        "3fff:fff:ffff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fdff:ffff::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "feff::1",
        "ff02::1",
        "ffff::1",
    ];

    /// The neighbours of closed ranges, and some that the world knows.
    const PUBLIC: &[&str] = &[
        "1.0.0.0",
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "168.63.129.15",
        "168.63.129.17",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.0.3.0",
        "192.88.98.255",
        "192.88.100.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.255",
        "198.51.101.0",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "2000::1",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2001:db7:ffff::1",
        "2001:db9::1",
        "2003::1",
        "2606:4700:4700::1111",
        "2a00:1450::1",
        "3ffe:ffff::1",
        "3fff:1000::1",
    ];

    #[test]
    fn the_public_internet_is_open_and_nothing_else() {
        let guard = Guard::default();
        for address in CLOSED {
            assert!(!allows(&guard, address), "{address} is open");
        }
        for address in PUBLIC {
            assert!(allows(&guard, address), "{address} is closed");
        }
    }

    #[test]
    fn an_allowed_network_opens_itself_alone() {
        let guard = Guard::new(vec!["127.0.0.2".parse().unwrap(), "fd00:5::/32".parse().unwrap()]);
        for address in ["127.0.0.2", "::ffff:127.0.0.2", "fd00:5::1", "8.8.8.8"] {
            assert!(allows(&guard, address), "{address}");
        }
        for address in ["127.0.0.1", "127.0.0.3", "::1", "fd00:6::1", "10.0.0.1", "64:ff9b::7f00:2", "::127.0.0.2"] {
            assert!(!allows(&guard, address), "{address}");
        }
        let every = Guard::new(vec!["0.0.0.0/0".parse().unwrap(), "::/0".parse().unwrap()]);
        for address in CLOSED {
            assert!(allows(&every, address), "{address}");
        }
    }
}
