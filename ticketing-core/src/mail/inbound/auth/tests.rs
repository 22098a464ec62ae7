use super::*;
use crate::port::Mailbox;

const RECEIVED: (&str, &str) =
    ("Received", "from out.acme.example by mx.desk.example with ESMTPS id 1; Mon, 3 Mar 2025 09:12:00 +0100");

fn verdict_of(headers: &[(&str, &str)]) -> [AuthResult; 3] {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let from = Some(Mailbox { name: None, address: "kim@acme.example".to_owned() });
    let mail = InboundMail { from, headers, ..InboundMail::default() };
    let trusted = ["mx.desk.example", "mx.google.com", "protection.outlook.com"].map(str::to_owned);
    let AuthVerdict { spf, dkim, dmarc } = verdict(&mail, &trusted);
    [spf, dkim, dmarc]
}

const FROM: (&str, &str) = ("From", "Kim <kim@acme.example>");
use AuthResult::{Fail, None as Nothing, Pass};

#[test]
fn servers_in_use_are_understood() {
    let gmail = [
        ("Delivered-To", "help@desk.example"),
        ("Received", "by 2002:a05:6a10:1 with SMTP id x; Mon, 3 Mar 2025 00:12:00 -0800 (PST)"),
        ("X-Received", "by 2002:a05 with SMTP id y; Mon, 3 Mar 2025 00:12:00 -0800 (PST)"),
        ("ARC-Authentication-Results", "i=1; mx.google.com; dkim=fail header.i=@acme.example"),
        ("Return-Path", "<kim@acme.example>"),
        ("Received", "from mail-sor-f41.google.com by mx.google.com with SMTPS id z"),
        ("Received-SPF", "pass (google.com: domain of kim@acme.example designates 1.2.3.4 as permitted sender)"),
        (
            "Authentication-Results",
            "mx.google.com; dkim=pass header.i=@acme.example header.s=20230601 header.b=abc/d=; spf=pass (google.com: \
             domain of kim@acme.example designates 1.2.3.4 as permitted sender) smtp.mailfrom=kim@acme.example; \
             dmarc=pass (p=NONE sp=QUARANTINE dis=NONE) header.from=acme.example; dara=pass header.i=@desk.example",
        ),
        ("DKIM-Signature", "v=1; a=rsa-sha256"),
        FROM,
    ];
    assert_eq!(verdict_of(&gmail), [Pass, Pass, Pass]);
    let outlook = [
        ("Received", "from AM0PR01.eurprd01.prod.exchangelabs.com (2603::1) by DB9PR01.eurprd01.prod.exchangelabs.com"),
        (
            "Authentication-Results",
            "spf=fail (sender IP is 1.2.3.4) smtp.mailfrom=acme.example; dkim=none (message not signed) \
             header.d=none;dmarc=fail action=quarantine header.from=acme.example;compauth=fail reason=000",
        ),
        ("Received-SPF", "Fail (protection.outlook.com: domain of acme.example does not designate)"),
        ("Received", "from out.acme.example (1.2.3.4) by DB8EUR05FT003.mail.protection.outlook.com (10.1.1.1)"),
        FROM,
    ];
    assert_eq!(verdict_of(&outlook), [Fail, Nothing, Fail]);
    let rspamd = [
        ("Return-Path", "<kim@acme.example>"),
        ("Received", "from mx.desk.example by mail.desk.example with LMTP id 7"),
        (
            "Authentication-Results",
            "mx.desk.example; dkim=pass header.d=acme.example header.s=mail header.b=abc; spf=pass (mx.desk.example: \
             domain of kim@acme.example designates 1.2.3.4 as permitted sender) smtp.mailfrom=kim@acme.example; \
             dmarc=pass (policy=none) header.from=acme.example",
        ),
        ("X-Spamd-Bar", "--"),
        RECEIVED,
        FROM,
    ];
    assert_eq!(verdict_of(&rspamd), [Pass, Pass, Pass]);
    let open = [
        RECEIVED,
        ("Authentication-Results", "mx.desk.example; dmarc=pass (p=none dis=none) header.from=Acme.Example"),
        ("Authentication-Results", "MX.Desk.example 1; spf=softfail smtp.mailfrom=kim@acme.example"),
        ("DKIM-Filter", "OpenDKIM Filter v2.11.0 mx.desk.example 1"),
        (
            "Authentication-Results",
            "mx.desk.example;\t dkim=pass (2048-bit key) header.d=acme.example header.i=@acme.example",
        ),
        FROM,
    ];
    assert_eq!(verdict_of(&open), [Fail, Pass, Pass]);
}

#[test]
fn results_are_read_as_the_standard_writes_them() {
    let one = |value: &str| verdict_of(&[("authentication-results", value), FROM]);
    for (value, expected) in [
        ("mx.desk.example; none", [Nothing, Nothing, Nothing]),
        ("mx.desk.example", [Nothing, Nothing, Nothing]),
        ("", [Nothing, Nothing, Nothing]),
        ("mx.desk.example; dkim = pass ; spf/1=PASS smtp.mailfrom=x", [Pass, Pass, Nothing]),
        ("(really) mx.desk.example (v\\) 1) 1; dkim=(no; dkim=pass)fail (dmarc=pass)", [Nothing, Fail, Nothing]),
        (r#"mx.desk.example; spf=fail reason="it; dmarc=pass header.from=acme.example""#, [Fail, Nothing, Nothing]),
        (r#""mx.desk.example"; dmarc="pass" header.from="acme.example""#, [Nothing, Nothing, Pass]),
        (r#"mx.desk.example; spf=fail reason="a \" ; dkim=pass b""#, [Fail, Nothing, Nothing]),
        ("mx.desk.example; dkim=fail header.d=list.example; dkim=pass header.d=acme.example", [Nothing, Pass, Nothing]),
        (
            "mx.desk.example; spf=pass smtp.helo=out.acme.example; spf=fail smtp.mailfrom=acme.example",
            [Fail, Nothing, Nothing],
        ),
        ("mx.desk.example; spf=pass smtp.helo=out.acme.example", [Nothing, Nothing, Nothing]),
        ("mx.desk.example; dmarc=pass header.from=acme.example.evil.example", [Nothing, Nothing, Nothing]),
        ("mx.desk.example; dmarc=pass", [Nothing, Nothing, Nothing]),
        ("mx.desk.example; dmarc=temperror header.from=acme.example; dkim=permerror; spf=neutral", [Nothing; 3]),
        ("mx.desk.example; dmarc=bestguesspass header.from=acme.example", [Nothing; 3]),
        (
            "mx.desk.example; dmarc=pass header.from=acme.example; dmarc=fail header.from=acme.example",
            [Nothing, Nothing, Fail],
        ),
    ] {
        assert_eq!(one(value), expected, "{value}");
    }
}

#[test]
fn forged_results_prove_nothing() {
    let pass = "mx.desk.example; spf=pass; dkim=pass; dmarc=pass header.from=acme.example";
    let fail = "mx.desk.example; spf=fail; dkim=fail; dmarc=fail header.from=acme.example";
    let ours = ("Authentication-Results", fail);
    let forged = ("Authentication-Results", pass);
    let by = |name: &'static str, value: &'static str| verdict_of(&[(name, value), FROM]);
    // Of a server that is not trusted, or only looks like one that is.
    for server in
        ["evil.example", "mx.desk.example.evil.example", "evil-mx.desk.example", "desk.example", "(mx.desk.example)"]
    {
        let value = pass.replace("mx.desk.example", server);
        assert_eq!(verdict_of(&[("Authentication-Results", &value), FROM]), [Nothing; 3], "{server}");
    }
    assert_eq!(
        by("ARC-Authentication-Results", "i=1; mx.desk.example; dmarc=pass header.from=acme.example"),
        [Nothing; 3]
    );
    assert_eq!(by("X-Authentication-Results", pass), [Nothing; 3]);
    // Below what the server wrote, with a hop or with headers of the sender between, or without.
    assert_eq!(verdict_of(&[RECEIVED, ours, forged, FROM]), [Fail; 3]);
    assert_eq!(verdict_of(&[ours, RECEIVED, forged, FROM]), [Fail; 3]);
    let silent = ("Authentication-Results", "mx.desk.example; spf=none");
    assert_eq!(verdict_of(&[silent, RECEIVED, forged, FROM]), [Nothing; 3]);
    assert_eq!(verdict_of(&[silent, ("Subject", "Hi"), forged, FROM]), [Nothing; 3]);
    assert_eq!(verdict_of(&[silent, ("DKIM-Signature", "v=1"), forged, FROM]), [Nothing; 3]);
    // Without a name, where another than Outlook's server took the mail in.
    let nameless = ("Authentication-Results", "spf=pass; dkim=pass; dmarc=pass header.from=acme.example");
    assert_eq!(verdict_of(&[nameless, ("Received", "from x by evilprotection.outlook.com"), FROM]), [Nothing; 3]);
    assert_eq!(
        verdict_of(&[nameless, ("Received", "from x (by a.protection.outlook.com) by evil.example"), FROM]),
        [Nothing; 3]
    );
    assert_eq!(verdict_of(&[nameless, FROM]), [Nothing; 3]);
    // For two senders.
    assert_eq!(verdict_of(&[forged, FROM, ("from", "boss@desk.example")]), [Pass, Pass, Fail]);
}

#[test]
fn results_without_a_name_count_only_where_microsoft_alone_has_had_the_mail() {
    let nameless = ("Authentication-Results", "spf=pass; dkim=pass; dmarc=pass header.from=acme.example");
    let edge = ("Received", "from out.acme.example by DB8EUR05FT003.mail.protection.outlook.com (10.1.1.1) with SMTP");
    let inside = ("Received", "from DB8.mail.protection.outlook.com by AM0PR01.eurprd01.prod.outlook.com with SMTP");
    let mailbox =
        ("Received", "from AM0PR01.eurprd01.prod.outlook.com by DB9.eurprd01.prod.exchangelabs.com with HTTPS");
    assert_eq!(verdict_of(&[mailbox, inside, nameless, edge, FROM]), [Pass; 3]);
    assert_eq!(verdict_of(&[nameless, edge, FROM]), [Pass; 3]);
    // A sender wrote both: the desk's own server stands above them, whether it has checked all, a part or nothing.
    assert_eq!(verdict_of(&[RECEIVED, nameless, edge, FROM]), [Nothing; 3]);
    let some = ("Authentication-Results", "mx.desk.example; spf=fail smtp.mailfrom=evil.example; dkim=none");
    for forged in [
        [RECEIVED, some, nameless, edge, FROM],
        [some, RECEIVED, nameless, edge, FROM],
        [RECEIVED, some, edge, nameless, edge],
        [RECEIVED, some, inside, nameless, edge],
    ] {
        assert_eq!(verdict_of(&forged), [Fail, Nothing, Nothing], "{forged:?}");
    }
    // Whatever foreign there is above, by whatever name.
    for by in ["evil.example", "outlook.com.evil.example", "evil-outlook.com", "mx.google.com", "(prod.outlook.com) x"]
    {
        let foreign = format!("from x by {by} with SMTP");
        let foreign = ("received", foreign.as_str());
        assert_eq!(verdict_of(&[foreign, nameless, edge, FROM]), [Nothing; 3], "{by}");
        assert_eq!(verdict_of(&[mailbox, foreign, nameless, edge, FROM]), [Nothing; 3], "{by}");
    }
    assert_eq!(verdict_of(&[("Received", "from x with SMTP"), nameless, edge, FROM]), [Nothing; 3]);
    // Others always write their name.
    let gmail = ("Received", "from out.acme.example by mx.google.com with SMTPS id z");
    assert_eq!(verdict_of(&[nameless, gmail, FROM]), [Nothing; 3]);
    assert_eq!(verdict_of(&[nameless, RECEIVED, FROM]), [Nothing; 3]);
    // Microsoft's are trusted by nobody who does not say so.
    let headers = [nameless, edge].map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let from = Some(Mailbox { name: None, address: "kim@acme.example".to_owned() });
    let mail = InboundMail { from, headers, ..InboundMail::default() };
    for trusted in ["mx.desk.example", "com", "", "evil.outlook.com"] {
        assert_eq!(verdict(&mail, &[trusted.to_owned()]), AuthVerdict::default(), "{trusted}");
    }
    assert_eq!(verdict(&mail, &["Outlook.com".to_owned()]).dmarc, Pass);
}

#[test]
fn nobody_is_trusted_where_nobody_is_named() {
    let headers = vec![(NAME.to_owned(), "; dmarc=pass header.from=acme.example".to_owned())];
    let mail = InboundMail { headers, ..InboundMail::default() };
    assert_eq!(verdict(&mail, &[]), AuthVerdict::default());
    assert_eq!(verdict(&mail, &[String::new()]), AuthVerdict::default());
}
