//! Any bytes are read as a mail, folded and judged: nothing panics, and nothing is more than the limits allow.

#![no_main]

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, Token, TokenSink, TokenSinkResult, Tokenizer};
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
    let html = mail.html.unwrap_or_default();
    assert!(html.len() <= 4 * limits.html);
    let tags = Tokenizer::new(Harmless, Default::default());
    let rest = BufferQueue::default();
    rest.push_back(StrTendril::from(html));
    let _ = tags.feed(&rest);
    tags.end();
});

/// Sees the HTML as a browser does, whatever its text says.
struct Harmless;

impl TokenSink for Harmless {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => is_harmless(&tag),
            Token::CommentToken(_) | Token::DoctypeToken(_) => panic!("more than tags and text: {token:?}"),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn is_harmless(tag: &Tag) {
    let refused = ["script", "style", "iframe", "object", "embed", "svg", "math", "form", "base", "meta", "link"];
    assert!(!refused.contains(&&*tag.name), "{tag:?}");
    for attribute in &tag.attrs {
        let name = &*attribute.name.local;
        let value = attribute.value.trim().to_ascii_lowercase();
        assert!(name != "style" && name != "srcset" && !name.starts_with("on"), "{tag:?}");
        assert!(name != "src" || !value.starts_with("http") && !value.starts_with("//"), "{tag:?}");
        assert!(!["javascript:", "vbscript:", "data:"].iter().any(|scheme| value.starts_with(scheme) && name == "href"), "{tag:?}");
    }
}
