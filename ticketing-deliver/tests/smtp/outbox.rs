//! Mail into a folder.

use crate::sink::parsed;
use crate::{header, is_later, mail_to};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use ticketing_core::port::{Mail, MailError, Mailer};
use ticketing_deliver::smtp::OutboxMailer;
use tokio::task::JoinSet;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[tokio::test]
async fn a_mail_is_a_file_that_mail_readers_open() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("data/outbox");
    let mail = Mail { subject: "Grüße 😀".into(), text: "Hallo, Jörg".into(), ..mail_to("ok") };
    let answer = OutboxMailer::new(&folder).send(&mail).await.unwrap();

    let [file] = &files(&folder)[..] else { panic!("one file") };
    let name = file.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("20260302T090607Z-ticket.ok.1@desk.example-"), "{name}");
    assert_eq!(answer, format!("written to {name}"));
    let read = parsed(file).await;
    assert_eq!(header(&read, "Subject"), ["Grüße 😀"]);
    assert_eq!(header(&read, "Message-ID"), ["<ticket.ok.1@desk.example>"]);
    assert_eq!(read["people"]["To"][0][1], "ok@home.example");
    assert_eq!(read["parts"][0]["text"], "Hallo, Jörg");
    assert_eq!(read["defects"], serde_json::json!([]));
}

#[tokio::test]
async fn a_mail_that_is_sent_again_replaces_its_own_file_alone() {
    let place = tempfile::tempdir().unwrap();
    let outbox = OutboxMailer::new(place.path());
    outbox.send(&mail_to("ok")).await.unwrap();
    let [file] = &files(place.path())[..] else { panic!("one file") };
    let first = fs::read(file).unwrap();
    fs::write(file, "half a ma").unwrap();
    outbox.send(&mail_to("ok")).await.unwrap();
    assert_eq!(files(place.path()), std::slice::from_ref(file));
    assert_eq!(fs::read(file).unwrap(), first);

    // These look alike once they are cleaned and cut.
    let long = "x".repeat(200);
    for id in ["a/b@desk.example", "a?b@desk.example", &format!("{long}1@d"), &format!("{long}2@d"), "../../up@d"] {
        outbox.send(&Mail { message_id: id.into(), ..mail_to("ok") }).await.unwrap();
    }
    assert_eq!(files(place.path()).len(), 6);
    assert!(files(place.path()).iter().all(|file| file.file_name().unwrap().len() < 200));
}

#[tokio::test]
async fn many_writers_leave_whole_files() {
    let place = tempfile::tempdir().unwrap();
    let outbox = Arc::new(OutboxMailer::new(place.path()));
    let mut sending = JoinSet::new();
    for n in 0..40 {
        let outbox = Arc::clone(&outbox);
        let mail = Mail { message_id: format!("{}@desk.example", n % 10), ..mail_to("ok") };
        sending.spawn(async move { outbox.send(&mail).await.unwrap() });
    }
    sending.join_all().await;
    let found = files(place.path());
    assert_eq!(found.len(), 10, "{found:?}");
    for file in found {
        assert!(fs::read_to_string(&file).unwrap().trim_end().ends_with("--"), "{}", file.display());
    }
}

#[cfg(unix)]
#[tokio::test]
async fn others_on_the_machine_read_no_mail() {
    use std::os::unix::fs::PermissionsExt;
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("outbox");
    OutboxMailer::new(&folder).send(&mail_to("ok")).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&files(&folder)[0]), 0o600);
}

#[tokio::test]
async fn what_can_t_be_written_is_for_later_and_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    let blocked = place.path().join("outbox");
    fs::write(&blocked, "a file").unwrap();
    is_later(OutboxMailer::new(&blocked).send(&mail_to("ok")).await, "the outbox can't be written");

    let outbox = OutboxMailer::new(place.path());
    let name = outbox.send(&mail_to("ok")).await.unwrap().replace("written to ", "");
    fs::remove_file(place.path().join(&name)).unwrap();
    // Nothing can be put in the place of a folder that is not empty.
    fs::create_dir_all(place.path().join(&name).join("inside")).unwrap();
    is_later(outbox.send(&mail_to("ok")).await, "the outbox can't be written");
    assert_eq!(files(place.path()).len(), 2);

    let nobody = Mail { to: crate::person(None, "nobody at all"), ..mail_to("ok") };
    assert!(matches!(outbox.send(&nobody).await, Err(MailError::Address(_))));
}
