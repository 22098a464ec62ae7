//! Writes each of the desk's built-in mails with made-up content, as markup and as plain text, into the folder
//! that is named: `cargo run -p ticketing-examples --bin mail_gallery -- /tmp/mails de`.

use anyhow::Context;
use std::path::Path;
use ticketing_core::mail::{Brand, EmailTemplates, MailKind, Sample, compose, sample};
use ticketing_core::port::{Clock, SystemClock};
use ticketing_core::setting::DeskProfile;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().context("name a folder")?;
    let (folder, locale) = (Path::new(&folder), arguments.next());
    std::fs::create_dir_all(folder)?;

    let profile = DeskProfile { name: "Acme Support".to_owned(), ..DeskProfile::default() };
    let footer = Some("Acme GmbH · Torstraße 1 · 10119 Berlin".to_owned());
    let letterhead = Brand { footer, ..Brand::default() }.letterhead(&profile, "https://desk.example");
    let with = Sample { locale, ..Sample::made_up(SystemClock.now(), "https://desk.example") };

    let mut written = 0;
    for kind in MailKind::all() {
        for (side, to_staff) in [("customer", false), ("staff", true)] {
            let mail = compose(&sample(kind, &with, to_staff), &letterhead, &EmailTemplates::default())?;
            let name = format!("{}-{side}", kind.as_str());
            std::fs::write(folder.join(format!("{name}.html")), mail.html)?;
            std::fs::write(folder.join(format!("{name}.txt")), format!("Subject: {}\n\n{}", mail.subject, mail.text))?;
            written += 1;
        }
    }
    println!("wrote {written} mails");
    Ok(())
}
