//! Mail that came in, and files.

use super::{Sample, Stored};
use crate::changes::{Expect, Write};
use crate::ids::{ArrivalId, AttachmentId, UserId};
use crate::model::{
    Arrival, ArrivalDetail, ArrivalDoor, ArrivalState, AttachedTo, Attachment, AuthResult, AuthVerdict, BlobKey,
    Envelope,
};
use crate::port::IdSource;

impl Sample {
    /// A mail that nobody has read yet, and of which nobody has another copy.
    pub fn arrival(&self) -> Arrival {
        let now = self.now();
        let id = self.ids.uuid(now);
        Arrival {
            id: ArrivalId(id),
            key: format!("id:{id}@mail.example"),
            digest: self.ids.secret(),
            size: 12_345,
            door: ArrivalDoor::Imap,
            mailbox_id: None,
            state: ArrivalState::Waiting,
            cause: None,
            sender: None,
            ticket_id: None,
            comment_id: None,
            detail: ArrivalDetail::default(),
            received_at: now,
            version: 1,
        }
    }

    /// What may be known of a mail.
    pub fn arrival_detail(&self) -> ArrivalDetail {
        let envelope = Envelope { from: Some(String::new()), to: vec!["desk+tok@desk.example".to_owned()] };
        ArrivalDetail {
            message_id: Some("42@mail.example".to_owned()),
            envelope,
            from: Some("\"Ana \u{1F6D7} Lima\" <ana@people.example>".to_owned()),
            subject: Some("Aufzug: הועמד \u{2014} it's \"stuck\"".to_owned()),
            reason: Some("It says that it is forged.".to_owned()),
            is_mailbox_guessed: true,
            automatic: Some("auto-submitted".to_owned()),
            is_spam: true,
            verdict: AuthVerdict { spf: AuthResult::Pass, dkim: AuthResult::Fail, dmarc: AuthResult::None },
            left_out: vec!["files".to_owned(), "text".to_owned()],
            released_by: Some(UserId(self.uuid())),
            decided_at: Some(self.now()),
        }
    }

    /// A file of this ticket or comment.
    pub fn attachment(&self, of: AttachedTo) -> Attachment {
        let now = self.now();
        Attachment {
            id: AttachmentId(self.ids.uuid(now)),
            of,
            filename: "Aufzug \u{1F6D7} – zweiter Stock.png".to_owned(),
            content_type: "image/png".to_owned(),
            size: 4_096,
            blob: BlobKey(self.ids.secret()),
            content_id: Some("part1.0815@mail.example".to_owned()),
            uploaded_by: Some(UserId(self.ids.uuid(now))),
            created_at: now,
        }
    }
}

impl Stored for Arrival {
    fn write(self, expect: Expect) -> Write {
        Write::Arrival { arrival: Box::new(self), expect }
    }

    fn version(&mut self) -> &mut i64 {
        &mut self.version
    }
}

/// Writes a file.
pub fn attach(file: &Attachment) -> Write {
    Write::Attachment(Box::new(file.clone()))
}
