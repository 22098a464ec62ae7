//! Mails that are made to cost whoever reads them as much as they can.

use super::letter::folded;
use crate::sample::Dice;
use anyhow::Result;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use hyper::body::Bytes;
use std::fmt::Write as _;
use std::io::Write as _;

const MIB: usize = 1024 * 1024;

/// What is inside of the archive for each byte of it, about.
const CHUNK: usize = 64 * 1024;

/// A mail, and what it is.
pub struct Bomb {
    /// What it is.
    pub name: &'static str,
    /// Who sends it, and nothing else.
    pub from: String,
    /// The mail.
    pub bytes: Bytes,
    /// Whether it is larger than a desk takes in.
    pub is_too_large: bool,
}

/// How large they are: parts of the full size.
#[derive(Clone, Copy, Debug)]
pub struct Scale(pub usize);

impl Scale {
    fn of(self, full: usize) -> usize {
        (full / self.0).max(1)
    }
}

/// All of them, each with another number in its `Message-ID`.
pub fn all(scale: Scale, round: usize) -> Result<Vec<Bomb>> {
    let bombs = [
        ("parts in parts", nested(scale.of(10_000))),
        ("parts in parts that never end", unending(scale.of(10_000))),
        ("parts side by side", siblings(scale.of(10_000))),
        ("mails in mails", mails(scale.of(1_000))),
        ("a header of 20 MB", header(scale.of(20 * MIB))),
        ("100,000 headers", headers(scale.of(100_000))),
        ("100,000 recipients", recipients(scale.of(100_000))),
        ("5,000 recipients", recipients(scale.of(5_000))),
        ("5,000 references", references(scale.of(5_000))),
        ("encoded words", words(scale.of(4_000))),
        ("broken base64", broken_base64(scale.of(10 * MIB))),
        ("soft line breaks", soft_breaks(scale.of(20 * MIB))),
        ("an archive that grows", attached(&archive(scale.of(256 * MIB))?)),
        ("HTML of a million tags", html(scale.of(1_000_000), "<b>bold</b> text")),
        ("HTML that nests", html(scale.of(1_000_000), "<div><table><tr><td>")),
        ("HTML that never closes", html(scale.of(2_000_000), "<a href='")),
        ("text of 20 MB in one line", body("text/plain", &"word ".repeat(scale.of(4 * MIB)))),
        ("lines that quote", body("text/plain", &">>>>>>>>>>>>>>>>>>> said\r\n".repeat(scale.of(700_000)))),
        ("delimiters", delimiters(scale.of(1_000_000))),
        ("noise", noise(scale.of(20 * MIB))),
    ];
    let mut all: Vec<Bomb> = Vec::new();
    for (name, text) in bombs {
        all.push(bomb(name, &text, (all.len(), round), false));
    }
    // Nobody takes this in, whatever the scale.
    all.push(bomb("a header of 50 MB", &header(50 * MIB), (all.len(), round), true));
    Ok(all)
}

/// Each mail has a sender of its own, or the caps would be what is measured.
fn bomb(name: &'static str, mail: &[u8], (number, round): (usize, usize), is_too_large: bool) -> Bomb {
    let from = format!("bomber{number}.{round}@customer.example");
    let head = format!("From: <{from}>\r\nTo: <help@desk.example>\r\nMessage-ID: <{number}.{round}@bombs.example>\r\n");
    Bomb { name, from, bytes: [head.as_bytes(), mail].concat().into(), is_too_large }
}

fn nested(depth: usize) -> Vec<u8> {
    let mut mail = opened(depth);
    mail.push_str("Content-Type: text/plain\r\n\r\nThe innermost part.\r\n");
    for level in (0..depth).rev() {
        let _ = write!(mail, "--b{level}--\r\n");
    }
    mail.into()
}

fn unending(depth: usize) -> Vec<u8> {
    opened(depth).into()
}

fn opened(depth: usize) -> String {
    let mut mail = "Subject: Nested\r\nMIME-Version: 1.0\r\n".to_owned();
    for level in 0..depth {
        let _ = write!(mail, "Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n");
    }
    mail
}

fn siblings(count: usize) -> Vec<u8> {
    let mut mail = "Subject: Many\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n".to_owned();
    for number in 0..count {
        let _ = write!(
            mail,
            "--b\r\nContent-Type: text/plain; name=\"{number}.txt\"\r\nContent-Disposition: attachment\r\n\r\n{number}\r\n"
        );
    }
    mail.push_str("--b--\r\n");
    mail.into()
}

fn mails(depth: usize) -> Vec<u8> {
    let mut mail = "Subject: Passed on\r\nMIME-Version: 1.0\r\n".to_owned();
    for level in 0..depth {
        let _ = write!(mail, "Content-Type: message/rfc822\r\n\r\nSubject: {level}\r\n");
    }
    mail.push_str("\r\nThe innermost mail.\r\n");
    mail.into()
}

fn header(bytes: usize) -> Vec<u8> {
    let mut mail = "Subject: ".to_owned();
    let line = format!("{}\r\n ", "x".repeat(900));
    mail.push_str(&line.repeat(bytes / line.len() + 1));
    mail.push_str("end\r\n\r\nIt hums.\r\n");
    mail.into()
}

fn headers(count: usize) -> Vec<u8> {
    let mut mail = "Subject: Headers\r\n".to_owned();
    for number in 0..count {
        let _ = write!(mail, "X-Header-{number}: {number}\r\n");
    }
    mail.push_str("\r\nIt hums.\r\n");
    mail.into()
}

fn recipients(count: usize) -> Vec<u8> {
    let mut mail = "Subject: Everybody\r\nCc: ".to_owned();
    for number in 0..count {
        let _ = write!(mail, "Somebody <somebody{number}@customer.example>,\r\n ");
    }
    mail.push_str("last@customer.example\r\n\r\nIt hums.\r\n");
    mail.into()
}

fn references(count: usize) -> Vec<u8> {
    let mut mail = "Subject: Re: It hums\r\nReferences:".to_owned();
    for number in 0..count {
        let _ = write!(mail, "\r\n <{number}.aaaaaaaaaaaaaaaaaaaaaa@desk.example>");
    }
    mail.push_str("\r\n\r\nStill.\r\n");
    mail.into()
}

fn words(count: usize) -> Vec<u8> {
    let mut mail = "Subject:".to_owned();
    for _ in 0..count {
        mail.push_str("\r\n =?utf-8?B?8J+SoyBib21iIPCfkqM=?= =?x-none?Q?=ff=fe?=");
    }
    mail.push_str("\r\n\r\nIt hums.\r\n");
    mail.into()
}

fn broken_base64(bytes: usize) -> Vec<u8> {
    let mut content = folded(&vec![b'x'; bytes]);
    content = content.replace("eHh4", "eH=*");
    content.push_str("=====\r\n\u{fffd}\u{0}");
    attachment(&content)
}

fn attached(file: &[u8]) -> Vec<u8> {
    attachment(&folded(file))
}

fn attachment(content: &str) -> Vec<u8> {
    format!(
        "Subject: A file\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nIt hums.\r\n\
         --b\r\nContent-Type: application/zip\r\nContent-Disposition: attachment; filename=a.zip\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{content}\r\n--b--\r\n"
    )
    .into()
}

fn soft_breaks(bytes: usize) -> Vec<u8> {
    let content = "=\r\n".repeat(bytes / 3);
    let head = "Subject: Soft\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n";
    format!("{head}Content-Transfer-Encoding: quoted-printable\r\n\r\n{content}It hums.\r\n").into()
}

fn html(count: usize, what: &str) -> Vec<u8> {
    body("text/html", &format!("<html><body>{}</body></html>", what.repeat(count)))
}

fn body(kind: &str, content: &str) -> Vec<u8> {
    format!("Subject: A body\r\nMIME-Version: 1.0\r\nContent-Type: {kind}; charset=utf-8\r\n\r\n{content}\r\n").into()
}

fn delimiters(count: usize) -> Vec<u8> {
    let head = "Subject: Delimiters\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
    format!("{head}{}", "--b\r\n\r\n--b-\r\n".repeat(count)).into()
}

fn noise(bytes: usize) -> Vec<u8> {
    let mut dice = Dice::new(7);
    let mut mail = b"\r\n".to_vec();
    while mail.len() < bytes {
        mail.extend(dice.below(u64::MAX).to_be_bytes());
    }
    mail
}

/// A ZIP archive with one file of so many zeros (PKWARE's APPNOTE, 4.3).
fn archive(bytes: usize) -> Result<Vec<u8>> {
    let (mut crc, mut encoder) = (Crc::new(), DeflateEncoder::new(Vec::new(), Compression::best()));
    let zeros = vec![0; CHUNK];
    let mut left = bytes;
    while left > 0 {
        let some = zeros.get(..left.min(CHUNK)).unwrap_or_default();
        crc.update(some);
        encoder.write_all(some)?;
        left -= some.len();
    }
    let packed = encoder.finish()?;
    let little = |number: usize| -> Result<[u8; 4]> { Ok(u32::try_from(number)?.to_le_bytes()) };
    let (packed_size, size) = (little(packed.len())?, little(bytes)?);
    let name = b"zeros";
    let about = [
        &[20, 0, 0, 0, 8, 0, 0, 0, 0, 0][..],
        &crc.sum().to_le_bytes(),
        &packed_size,
        &size,
        &u16::try_from(name.len())?.to_le_bytes(),
        &[0, 0],
    ]
    .concat();
    let local = [&b"PK\x03\x04"[..], &about, name, &packed].concat();
    let central = [&b"PK\x01\x02\x14\x00"[..], &about, &[0; 14], name].concat();
    let end =
        [&b"PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00"[..], &little(central.len())?, &little(local.len())?, &[0, 0]];
    Ok([&local[..], &central, &end.concat()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn a_small_archive_holds_very_much() {
        let archive = archive(1_000_000).unwrap();
        assert!(archive.len() < 2_000, "{}", archive.len());
        let packed = &archive[30 + 5..];
        let mut inside = Vec::new();
        flate2::read::DeflateDecoder::new(packed).read_to_end(&mut inside).unwrap();
        assert_eq!(inside.len(), 1_000_000);
        assert_eq!(&archive[archive.len() - 22..][..4], b"PK\x05\x06");
    }

    #[test]
    fn every_bomb_has_a_name_and_a_number_of_its_own() {
        let bombs = all(Scale(1_000), 3).unwrap();
        for (number, bomb) in bombs.iter().enumerate() {
            let head = String::from_utf8_lossy(&bomb.bytes[..200]).into_owned();
            assert!(head.contains(&format!("<{number}.3@bombs.example>")), "{}", bomb.name);
        }
        assert!(bombs.iter().filter(|bomb| bomb.is_too_large).all(|bomb| bomb.bytes.len() > 25 * MIB));
        assert_eq!(nested(2).windows(5).filter(|window| window == b"--b1\r").count(), 1);
    }
}
