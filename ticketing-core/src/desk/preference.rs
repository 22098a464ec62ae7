//! What a person wants to be told of, and by what.

use super::Desk;
use super::recorder::Recorder;
use crate::access::Call;
use crate::error::Error;
use crate::ids::UserId;
use crate::input::Problems;
use crate::model::{NoticeChannel, NoticeKind, NoticePreferences, Relation};
use crate::setting::{Document, Setting, Stored};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// There is no need to name a channel twice.
const MOST_CHANNELS: usize = 10;

impl Desk {
    /// What the actor is told of, everything said.
    pub async fn notice_preferences(&self, call: impl Into<Call>) -> Result<NoticePreferences, Error> {
        let id = own_id(&call.into())?;
        Ok(self.own_preferences(id).await?.map(|said| said.content).unwrap_or_default().whole())
    }

    /// Sets what the actor is told of. What is left out is as it is for who has said nothing.
    pub async fn set_notice_preferences(
        &self,
        call: impl Into<Call>,
        input: &Value,
    ) -> Result<NoticePreferences, Error> {
        let call = &call.into();
        let id = own_id(call)?;
        let preferences = &read(input)?;
        self.insist(move || async move {
            let known = self.own_preferences(id).await?;
            let mut recorder = Recorder::begin(self, call).await?;
            if known.as_ref().is_some_and(|said| said.content == *preferences) {
                recorder.unchanged().await?;
                return Ok(preferences.whole());
            }
            let version = known.map_or(0, |said| said.version) + 1;
            let new = Stored { id: id.0, version, saved_at: recorder.now, content: preferences.clone() };
            recorder.document(&new, Some(id), false)?;
            recorder.commit().await?;
            Ok(preferences.whole())
        })
        .await
    }

    async fn own_preferences(&self, id: UserId) -> Result<Option<Stored<NoticePreferences>>, Error> {
        let found = self.store.personal_documents(NoticePreferences::KIND, &[id]).await?;
        found.first().map(Document::stored).transpose()
    }
}

pub(super) fn own_id(call: &Call) -> Result<UserId, Error> {
    call.actor.user_id().ok_or_else(|| Error::forbidden("Only a person is told of things."))
}

/// Reads `{kind: {relation: [channel, …]}}`, and says all that is wrong in it.
fn read(input: &Value) -> Result<NoticePreferences, Error> {
    let mut problems = Problems::default();
    let mut said = BTreeMap::new();
    let Value::Object(kinds) = input else {
        return Err(Error::field("", "type", "Must be an object."));
    };
    for (name, relations) in kinds {
        let Ok(kind) = name.parse::<NoticeKind>() else {
            problems.add(name.as_str(), "unknown_field", "There is no such field.");
            continue;
        };
        let Value::Object(relations) = relations else {
            problems.add(name.as_str(), "type", "Must be an object.");
            continue;
        };
        let entry: &mut BTreeMap<Relation, BTreeSet<NoticeChannel>> = said.entry(kind).or_default();
        for (relation_name, channels) in relations {
            let at = format!("{name}.{relation_name}");
            match relation_name.parse::<Relation>() {
                Ok(relation) => entry.extend(read_channels(&at, channels, &mut problems).map(|read| (relation, read))),
                Err(_) => problems.add(at, "unknown_field", "There is no such field."),
            }
        }
    }
    problems.finish()?;
    Ok(NoticePreferences(said))
}

fn read_channels(at: &str, value: &Value, problems: &mut Problems) -> Option<BTreeSet<NoticeChannel>> {
    let Value::Array(items) = value else {
        problems.add(at, "type", "Must be a list.");
        return None;
    };
    if items.len() > MOST_CHANNELS {
        problems.add(at, "too_many", format!("May have at most {MOST_CHANNELS} entries."));
        return None;
    }
    let mut found = BTreeSet::new();
    for (place, item) in items.iter().enumerate() {
        let at = format!("{at}[{place}]");
        match item.as_str().map(str::parse::<NoticeChannel>) {
            Some(Ok(channel)) => drop(found.insert(channel)),
            Some(Err(_)) => {
                let words = NoticeChannel::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(", ");
                problems.add(at, "unknown_value", format!("Must be one of {words}."));
            }
            None => problems.add(at, "type", "Must be a text."),
        }
    }
    Some(found)
}
