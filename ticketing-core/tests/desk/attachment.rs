//! Files, and who sees them.

use crate::house::{House, code, id, key};
use bytes::Bytes;
use serde_json::json;
use std::sync::Arc;
use ticketing_core::access::{Scope, SystemReason};
use ticketing_core::changes::{Changes, Write};
use ticketing_core::desk::{CommentEdit, NewComment, NewMerge};
use ticketing_core::ids::{AttachmentId, ChangeId, CommentId, Seq};
use ticketing_core::memory::{MemoryBlobs, MemoryStore};
use ticketing_core::model::view::TicketView;
use ticketing_core::model::{AttachedTo, Attachment, BlobKey};
use ticketing_core::port::{BlobStore, Commit, SettingsRead};
use uuid::Uuid;

struct Files {
    house: House,
    store: Arc<MemoryStore>,
    blobs: Arc<MemoryBlobs>,
}

impl Files {
    async fn new() -> Self {
        let (store, blobs) = (Arc::new(MemoryStore::new()), Arc::new(MemoryBlobs::new()));
        let bytes: Arc<dyn BlobStore> = blobs.clone();
        let house = House::on(Arc::clone(&store), |desk| desk.blobs(bytes)).await;
        Self { house, store, blobs }
    }

    /// A file as a mail would bring it.
    async fn attach(&self, number: u128, of: AttachedTo, bytes: &'static str) -> AttachmentId {
        let blob = BlobKey::of(bytes.as_bytes());
        self.blobs.put(blob, Bytes::from_static(bytes.as_bytes())).await.unwrap();
        let file = Attachment {
            id: AttachmentId(Uuid::from_u128(number)),
            of,
            filename: format!("{bytes}.txt"),
            content_type: "text/plain".to_owned(),
            size: i64::try_from(bytes.len()).unwrap(),
            blob,
            content_id: None,
            uploaded_by: Some(id(&self.house.customer)),
            created_at: self.house.desk.now(),
        };
        let changes = Changes {
            id: ChangeId(Uuid::from_u128(number)),
            scope: Scope::System(SystemReason::Host),
            settings: self.store.settings_version().await.unwrap(),
            bumps_settings: false,
            writes: vec![Write::Attachment(Box::new(file.clone()))],
            guards: Vec::new(),
        };
        self.store.commit(changes).await.unwrap();
        file.id
    }
}

/// A ticket with a file of its description, of a word and of a note.
async fn scene(files: &Files) -> (TicketView, [CommentId; 2], [AttachmentId; 3]) {
    let (desk, ticket) = (&files.house.desk, files.house.ticket().await);
    let said = desk.add_comment(&files.house.customer, &key(&ticket), NewComment::public("See the picture.")).await;
    let noted = desk.add_comment(&files.house.agent, &key(&ticket), NewComment::internal("He broke it.")).await;
    let comments = [said.unwrap().id, noted.unwrap().id];
    let attached = [
        files.attach(1, AttachedTo::Ticket(ticket.id()), "described").await,
        files.attach(2, AttachedTo::Comment(comments[0]), "said").await,
        files.attach(3, AttachedTo::Comment(comments[1]), "canary").await,
    ];
    (ticket, comments, attached)
}

async fn listed(files: &Files, ticket: &TicketView, by: &ticketing_core::Actor) -> Vec<String> {
    let page = files.house.desk.attachments(by, &key(ticket), None, 10).await.unwrap();
    page.items.into_iter().map(|file| file.filename).collect()
}

#[tokio::test]
async fn a_comment_is_told_with_its_files() {
    let files = Files::new().await;
    let (desk, house) = (&files.house.desk, &files.house);
    let (ticket, [said, _], [_, file, _]) = scene(&files).await;
    let comment = desk.comment(&house.customer, said).await.unwrap();
    let told = json!([{
        "id": file,
        "filename": "said.txt",
        "content_type": "text/plain",
        "size": 4,
        // From sha256sum.
        "sha256": "fb46c79b7eb7af175f493755b491afa9b25574a9230b8822c629f224a2df4e58",
        "uploaded_by": id(&house.customer),
        "created_at": desk.now(),
        "url": format!("http://127.0.0.1:5000/api/attachments/{file}"),
    }]);
    assert_eq!(json!(comment.attachments), told);
    let page = desk.comments(&house.agent, &key(&ticket), None, 10).await.unwrap();
    let names: Vec<_> = page.items.iter().map(|comment| comment.attachments[0].filename.as_str()).collect();
    assert_eq!(names, ["said.txt", "canary.txt"]);
    let edit = CommentEdit { body: "See the other picture.".to_owned() };
    let edited = desk.edit_comment(&house.customer, said, edit, None).await.unwrap();
    assert_eq!(json!(edited.attachments), told);
    let timeline = json!(desk.timeline(&house.customer, &key(&ticket), None, 100).await.unwrap().items);
    let commented = timeline.as_array().unwrap().iter().filter(|event| event["data"]["comment"].is_object());
    assert!(commented.clone().count() == 2, "as it was said and as it was corrected: {timeline}");
    assert!(commented.clone().all(|event| event["data"]["comment"]["attachments"] == told), "{timeline}");
    let live = desk.live_page(Seq(0), 100).await.unwrap();
    let mut heard = 0;
    for event in &live.items {
        let Some(view) = desk.live_view(event, false).await.unwrap() else { continue };
        let Some(comment) = view.comment else { continue };
        assert_eq!(json!(comment.attachments), told, "a customer hears of no other");
        heard += 1;
    }
    assert_eq!(heard, 2);
}

#[tokio::test]
async fn whoever_sees_what_a_file_is_on_has_it() {
    let files = Files::new().await;
    let (desk, house) = (&files.house.desk, &files.house);
    let (ticket, _, [described, said, noted]) = scene(&files).await;
    assert_eq!(listed(&files, &ticket, &house.customer).await, ["described.txt", "said.txt"]);
    assert_eq!(listed(&files, &ticket, &house.agent).await, ["described.txt", "said.txt", "canary.txt"]);
    assert_eq!(code(desk.attachments(&house.stranger, &key(&ticket), None, 10).await), "not_found");
    let page = desk.attachments(&house.agent, &key(&ticket), None, 2).await.unwrap();
    let next = page.next.expect("there is more");
    let rest = desk.attachments(&house.agent, &key(&ticket), Some(AttachmentId(next.id)), 2).await.unwrap();
    assert_eq!(rest.items.iter().map(|file| file.id).collect::<Vec<_>>(), [noted]);
    assert_eq!(rest.next, None);
    for (file, bytes) in [(described, "described"), (said, "said")] {
        let (view, had) = desk.attachment(&house.customer, file).await.unwrap();
        assert_eq!((view.id, had.as_ref()), (file, bytes.as_bytes()));
        assert_eq!(code(desk.attachment(&house.stranger, file).await), "not_found");
    }
    assert_eq!(code(desk.attachment(&house.customer, noted).await), "not_found");
    assert_eq!(desk.attachment(&house.agent, noted).await.unwrap().1.as_ref(), b"canary");
    assert_eq!(code(desk.attachment(&house.agent, AttachmentId(Uuid::from_u128(9))).await), "not_found");
}

#[tokio::test]
async fn files_of_a_comment_go_along_into_another_ticket() {
    let files = Files::new().await;
    let (desk, house) = (&files.house.desk, &files.house);
    let (source, _, [_, said, _]) = scene(&files).await;
    let target = house.ticket().await;
    let merge = NewMerge { into: key(&target), confirm_other_customer: false };
    desk.merge_ticket(&house.agent, &key(&source), merge).await.unwrap();
    assert_eq!(listed(&files, &target, &house.customer).await, ["said.txt"]);
    assert_eq!(listed(&files, &source, &house.customer).await, ["described.txt"]);
    desk.attachment(&house.customer, said).await.unwrap();
}

#[tokio::test]
async fn bytes_that_are_lost_or_damaged_are_the_desks_own_failure() {
    let files = Files::new().await;
    let (desk, house) = (&files.house.desk, &files.house);
    let (_, _, [described, said, _]) = scene(&files).await;
    files.blobs.delete(BlobKey::of(b"described")).await.unwrap();
    files.blobs.put(BlobKey::of(b"said"), Bytes::from_static(b"paid")).await.unwrap();
    for file in [described, said] {
        assert_eq!(code(desk.attachment(&house.customer, file).await), "internal");
    }
}

#[tokio::test]
async fn an_export_of_a_person_names_the_files() {
    let files = Files::new().await;
    let (desk, house) = (&files.house.desk, &files.house);
    let (ticket, ..) = scene(&files).await;
    let person = id(&house.customer);
    let answers = desk.exported_answers(&house.admin, person, ticket.id(), None).await.unwrap();
    let comments = desk.exported_comments(&house.admin, person, None).await.unwrap();
    for page in [answers, comments] {
        let names: Vec<_> = page.items.iter().flat_map(|comment| &comment.attachments).map(|f| &f.filename).collect();
        assert_eq!(names, ["said.txt"]);
    }
}
