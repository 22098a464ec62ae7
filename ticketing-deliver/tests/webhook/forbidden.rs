//! Where nobody may make the desk call.

use crate::support::{Answer, Canary, Endpoint, Names, knowing, request, sender};
use ticketing_core::port::{WebhookError, WebhookSender};

/// Spellings of addresses that are not allowed; PORT is where the canary listens.
const ADDRESSES: &[&str] = &[
    "http://127.0.0.1:PORT/",
    "https://127.0.0.1:PORT/",
    "http:\\\\127.0.0.1:PORT\\",
    "http:127.0.0.1:PORT",
    "HTTP://127.0.0.1:PORT",
    "http://127.0.0.1.:PORT/",
    "http://127.1:PORT/",
    "http://127.0.1:PORT/",
    "http://0177.0.0.1:PORT/",
    "http://0177.0.0.01:PORT/",
    "http://00000177.0.0.1:PORT/",
    "http://0x7f.0.0.1:PORT/",
    "http://0x7f.0x0.0x0.0x1:PORT/",
    "http://0x7f000001:PORT/",
    "http://0X7F000001:PORT/",
    "http://2130706433:PORT/",
    "http://017700000001:PORT/",
    "http://127.0.0.1%2e:PORT/",
    "http://127%2e0%2e0%2e1:PORT/",
    "http://%31%32%37.0.0.1:PORT/",
    "http://１２７.0.0.1:PORT/",
    "http://127。0。0。1:PORT/",
    "http://①②⑦.⓪.⓪.①:PORT/",
    "http://127.255.255.254:PORT/",
    "http://0:PORT/",
    "http://0.0.0.0:PORT/",
    "http://0x0:PORT/",
    "http://10.0.0.1/",
    "http://100.64.0.1/",
    "http://100.100.100.200/latest/meta-data/",
    "http://168.63.129.16/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
    "http://172.16.0.1/",
    "http://192.0.0.192/",
    "http://192.168.0.1:8080/",
    "http://198.18.0.1/",
    "http://203.0.113.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]:PORT/",
    "http://[0:0:0:0:0:0:0:1]:PORT/",
    "http://[0000::0001]:PORT/",
    "http://[::]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::ffff:7f00:1]:PORT/",
    "http://[::FFFF:7F00:0001]:PORT/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/",
    "http://[::127.0.0.1]:PORT/",
    "http://[::ffff:0:127.0.0.1]:PORT/",
    "http://[::ffff:169.254.169.254]/",
    "http://[64:ff9b::127.0.0.1]:PORT/",
    "http://[64:ff9b:1::7f00:1]:PORT/",
    "http://[2002:7f00:1::]:PORT/",
    "http://[2001:0:7f00:1::]:PORT/",
    "http://[2001:db8::1]/",
    "http://[100::1]/",
    "http://[5f00::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://localhost:PORT/",
    "http://LOCALHOST:PORT/",
    "http://localhost.:PORT/",
    "http://ｌｏｃａｌｈｏｓｔ:PORT/",
    "http://hooks.localhost:PORT/",
];

/// URLs that are no call to anywhere, among them those that readers of URLs disagree about.
const TEXTS: &[&str] = &[
    "",
    "hooks.example.org",
    "ftp://127.0.0.1:PORT/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:PORT/_a",
    "http://user@127.0.0.1:PORT/",
    "http://user:secret@8.8.8.8/",
    "http://8.8.8.8:80@127.0.0.1:PORT/",
    "http://127.0.0.1:PORT#@8.8.8.8/",
    "http://8.8.8.8/#",
    "http://127.0.0.1 :PORT/",
    "http://127.0.0.1:PORT/\r\nX-A: b",
    "http://127.0.0.1\t:PORT/",
    "http://[::1%25lo]:PORT/",
    "http://127.0.0.0.1:PORT/",
    "http://4294967297:PORT/",
];

#[tokio::test]
async fn no_spelling_of_a_forbidden_address_is_called() {
    let (canary, sender) = (Canary::new(), sender(&[]));
    for text in ADDRESSES {
        let url = text.replace("PORT", &canary.port.to_string());
        assert_eq!(sender.check(&url).await, Err(WebhookError::NotAllowed), "{url}");
        assert_eq!(sender.send(&request(&url)).await, Err(WebhookError::NotAllowed), "{url}");
        assert!(!canary.was_called(), "{url}");
    }
}

#[tokio::test]
async fn what_is_no_address_is_not_called() {
    let (canary, sender) = (Canary::new(), sender(&["0.0.0.0/0", "::/0"]));
    for text in TEXTS {
        let url = text.replace("PORT", &canary.port.to_string());
        for told in [sender.check(&url).await, sender.send(&request(&url)).await.map(drop)] {
            assert!(matches!(told, Err(WebhookError::Invalid(_))), "{url:?}: {told:?}");
        }
        assert!(!canary.was_called(), "{url}");
    }
}

#[tokio::test]
async fn a_name_that_leads_to_a_forbidden_address_is_not_called() {
    let (canary, names) = (Canary::new(), Names::default());
    let sender = knowing(&[], &names);
    for addresses in [
        &["127.0.0.1"][..],
        &["::1"],
        &["::ffff:127.0.0.1"],
        &["64:ff9b::7f00:1"],
        &["93.184.216.34", "127.0.0.1"],
        &["127.0.0.1", "93.184.216.34"],
        &["2606:4700:4700::1111", "10.0.0.1"],
    ] {
        for host in ["hooks.example.org", "hooks.example.org.", "intranet"] {
            names.tell(host, &[addresses]);
            let url = format!("http://{host}:{}/", canary.port);
            assert_eq!(sender.check(&url).await, Err(WebhookError::NotAllowed), "{addresses:?}");
            assert_eq!(sender.send(&request(&url)).await, Err(WebhookError::NotAllowed), "{addresses:?}");
            assert!(!canary.was_called(), "{addresses:?}");
        }
    }
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_not_called() {
    let (canary, names) = (Canary::new(), Names::default());
    let sender = knowing(&[], &names);
    names.tell("hooks.example.org", &[&["93.184.216.34"], &["127.0.0.1"]]);
    let url = format!("http://hooks.example.org:{}/", canary.port);
    assert_eq!(sender.check(&url).await, Ok(()));
    assert_eq!(sender.send(&request(&url)).await, Err(WebhookError::NotAllowed));
    assert!(!canary.was_called());
}

#[tokio::test]
async fn one_call_looks_once_and_takes_what_was_checked() {
    let (canary, names) = (Canary::new(), Names::default());
    let mut endpoint = Endpoint::start("127.0.0.2", Answer::Whole(b"HTTP/1.1 200 OK\r\n\r\n".to_vec())).await;
    let sender = knowing(&["127.0.0.2"], &names);
    names.tell("hooks.example.org", &[&["127.0.0.2"], &["127.0.0.1"], &["127.0.0.1"]]);
    let url = format!("http://hooks.example.org:{}/", endpoint.address.port());
    assert_eq!(sender.send(&request(&url)).await.map(|answer| answer.status), Ok(200));
    assert!(endpoint.call().await.starts_with("POST / HTTP/1.1\r\n"));
    assert_eq!(names.left("hooks.example.org"), 2, "a call asks for a name more than once");
    assert_eq!(sender.send(&request(&url)).await, Err(WebhookError::NotAllowed));
    assert!(!canary.was_called());
}

#[tokio::test]
async fn the_refusal_does_not_say_what_lies_behind_a_name() {
    let names = Names::default();
    names.tell("hooks.example.org", &[&["10.20.30.40"]]);
    let told = knowing(&[], &names).check("http://hooks.example.org/").await.unwrap_err();
    assert_eq!(told.to_string(), "the address is not allowed");
    assert_eq!(format!("{told:?}"), "NotAllowed");
}

#[tokio::test]
async fn a_name_that_is_unknown_now_may_be_saved_and_is_looked_for_again() {
    let names = Names::default();
    let sender = knowing(&["127.0.0.1"], &names);
    let mut endpoint = Endpoint::answering(204, "", "").await;
    let url = format!("http://hooks.example.org:{}/", endpoint.address.port());
    assert_eq!(sender.check(&url).await, Ok(()));
    assert_eq!(sender.send(&request(&url)).await, Err(WebhookError::Unresolved));
    names.tell("hooks.example.org", &[&[]]);
    assert_eq!(sender.check(&url).await, Ok(()));
    assert_eq!(sender.send(&request(&url)).await, Err(WebhookError::Unresolved));
    names.tell("hooks.example.org", &[&["127.0.0.1"]]);
    assert_eq!(sender.send(&request(&url)).await.map(|answer| answer.status), Ok(204));
    assert_eq!(crate::support::header(&endpoint.call().await, "host"), [url.split('/').nth(2).unwrap()]);
}

#[tokio::test]
async fn allowed_networks_are_open_by_address_and_by_name() {
    let names = Names::default();
    names.tell("hooks.example.org", &[&["127.0.0.1"]]);
    let sender = knowing(&["127.0.0.0/8"], &names);
    let mut endpoint = Endpoint::answering(200, "", "").await;
    let port = endpoint.address.port();
    for host in ["127.0.0.1", "0x7f.1", "[::ffff:127.0.0.1]", "localhost", "hooks.localhost", "hooks.example.org"] {
        let url = format!("http://{host}:{port}/");
        assert_eq!(sender.check(&url).await, Ok(()), "{host}");
        assert_eq!(sender.send(&request(&url)).await.map(|answer| answer.status), Ok(200), "{host}");
        endpoint.call().await;
    }
    for host in ["[::1]", "10.0.0.1", "0.0.0.0", "[::127.0.0.1]"] {
        assert_eq!(sender.check(&format!("http://{host}:{port}/")).await, Err(WebhookError::NotAllowed), "{host}");
    }
}

/// The system's resolver, on a name that every machine knows, and one that none does.
#[tokio::test]
async fn the_systems_resolver_is_checked_too() {
    use ticketing_deliver::webhook::{GuardedWebhookSender, Lookup, SystemLookup};
    let found = SystemLookup::default().addresses("localhost").await.unwrap();
    assert!(!found.is_empty() && found.iter().all(|address| address.to_canonical().is_loopback()), "{found:?}");
    let sender = GuardedWebhookSender::new(Vec::new()).unwrap();
    // What the URL's reader takes for a name and a C library for an address, and 127.0.0.1 too.
    for url in ["http://localhost/", "http://[::1]/", "http://127.0.0.1/"] {
        assert_eq!(sender.check(url).await, Err(WebhookError::NotAllowed), "{url}");
    }
}
