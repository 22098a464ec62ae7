//! What fuzzing begins with, and what it once found, is read like any mail.

use std::path::Path;
use ticketing_core::mail::inbound::{Automatic, OwnMarks, verdict};
use ticketing_core::port::MailReader as _;
use ticketing_deliver::inbound::Reader;

#[test]
fn seeds_are_read() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let mut readable = 0;
    let seeds: Vec<_> = std::fs::read_dir(seeds).expect("the seeds").map(|file| file.expect("a file").path()).collect();
    for seed in &seeds {
        let Ok(mail) = Reader::default().read(&std::fs::read(seed).expect("a seed")) else { continue };
        readable += 1;
        let folded = mail.folded();
        assert_eq!(
            [folded.above, folded.fresh, folded.signature, folded.quoted].concat(),
            mail.text,
            "{}",
            seed.display()
        );
        let _ = Automatic::of(&mail, OwnMarks { loop_mark: Some("desk.example"), addresses: &[] });
        let _ = verdict(&mail, &["mx.desk.example".to_owned()]);
        let html = mail.html.unwrap_or_default();
        assert!(!html.contains("<script") && !html.contains("javascript:"), "{}", seed.display());
    }
    // All but the one that is no mail.
    assert_eq!(readable, seeds.len() - 1);
}
