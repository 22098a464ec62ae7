//! Any bytes are read as a mail, folded and judged: nothing panics, and nothing is more than the limits allow.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ticketing_core::mail::inbound::{Automatic, OwnMarks, verdict};
use ticketing_core::port::MailReader as _;
use ticketing_deliver::inbound::{Limits, Reader};

fuzz_target!(|raw: &[u8]| {
    let limits = Limits::default();
    let Ok(mail) = (Reader { limits }).read(raw) else { return };
    let folded = mail.folded();
    assert_eq!([folded.above, folded.fresh, folded.signature, folded.quoted].concat(), mail.text);
    let addresses = ["help@desk.example".to_owned()];
    let _ = Automatic::of(&mail, OwnMarks { loop_mark: Some("desk.example"), addresses: &addresses });
    let _ = verdict(&mail, &["mx.desk.example".to_owned(), "protection.outlook.com".to_owned()]);
    assert!(mail.text.len() <= limits.text && mail.files.len() <= limits.files && mail.headers.len() <= limits.headers);
    let html = mail.html.unwrap_or_default().to_ascii_lowercase();
    assert!(html.len() <= 4 * limits.html);
    for forbidden in ["<script", "<style", "<iframe", "<object", "<svg", "<form", "src=\"http", "href=\"javascript", "style=\""] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
});
