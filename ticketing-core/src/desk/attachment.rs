//! Files on tickets and comments, as people see them.

use super::Desk;
use super::inbound::unkept;
use super::user::page;
use crate::access::{Call, Scope};
use crate::error::Error;
use crate::ids::{AttachmentId, CommentId, TicketKey};
use crate::model::view::{AttachmentView, CommentView};
use crate::model::{AttachedTo, Attachment};
use crate::query::{Page, Position};
use bytes::Bytes;
use std::collections::HashMap;

impl Desk {
    /// Files of a ticket's description and of what was said on it, as far as the actor may see that, oldest first.
    pub async fn attachments(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        after: Option<AttachmentId>,
        limit: usize,
    ) -> Result<Page<AttachmentView>, Error> {
        let call = call.into();
        let ticket = self.seen_ticket(&call, key).await?;
        let items = self.store.attachments(&self.scope(&call.actor), ticket.id, after, limit + 1).await?;
        let found = page(items, limit, |file| Position::at(0, file.id.0));
        Ok(found.map(|file| self.file_view(file)))
    }

    /// A file with its bytes; absent where the actor may not see what it belongs to.
    pub async fn attachment(&self, call: impl Into<Call>, id: AttachmentId) -> Result<(AttachmentView, Bytes), Error> {
        let found = self.store.attachment(&self.scope(&call.into().actor), id).await?;
        let file = found.ok_or(Error::NotFound("attachment"))?;
        let bytes = self.blobs()?.get(file.blob).await.map_err(unkept)?;
        let lost = || Error::Internal(format!("the bytes of {id} are not kept any more").into());
        let bytes = bytes.ok_or_else(lost)?;
        Ok((self.file_view(file), bytes))
    }

    /// These comments with their files, which are one more read for all of them.
    pub(super) async fn with_files(
        &self,
        scope: &Scope,
        mut comments: Vec<CommentView>,
    ) -> Result<Vec<CommentView>, Error> {
        let ids: Vec<CommentId> = comments.iter().map(|comment| comment.id).collect();
        let mut files = self.comment_files(scope, &ids).await?;
        for comment in &mut comments {
            comment.attachments = files.remove(&comment.id).unwrap_or_default();
        }
        Ok(comments)
    }

    /// The files of these comments, oldest first; comments without any are left out.
    pub(super) async fn comment_files(
        &self,
        scope: &Scope,
        comments: &[CommentId],
    ) -> Result<HashMap<CommentId, Vec<AttachmentView>>, Error> {
        let mut files: HashMap<CommentId, Vec<AttachmentView>> = HashMap::new();
        if !comments.is_empty() {
            for file in self.store.comment_attachments(scope, comments).await? {
                if let AttachedTo::Comment(id) = file.of {
                    files.entry(id).or_default().push(self.file_view(file));
                }
            }
        }
        Ok(files)
    }

    fn file_view(&self, file: Attachment) -> AttachmentView {
        AttachmentView::new(file, &self.options().app_url)
    }
}
