//! What a person wants to be told of, and by what.

use super::Desk;
use super::recorder::Recorder;
use crate::access::Call;
use crate::changes::{Expect, Write};
use crate::error::Error;
use crate::ids::UserId;
use crate::input::Problems;
use crate::model::{NoticeChannel, NoticeKind, NoticePreferences, Relation};
use crate::setting::{Document, Setting};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

impl Desk {
    /// What the actor is told of, everything said.
    pub async fn notice_preferences(&self, call: impl Into<Call>) -> Result<NoticePreferences, Error> {
        let id = own_id(&call.into())?;
        Ok(self.own_preferences(id).await?.map(|(said, _)| said).unwrap_or_default().whole())
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
            if known.as_ref().is_some_and(|(said, _)| said == preferences) {
                recorder.unchanged().await?;
                return Ok(preferences.whole());
            }
            let version = known.map_or(0, |(_, version)| version);
            let document = Document {
                kind: NoticePreferences::KIND.to_owned(),
                id: id.0,
                owner: Some(id),
                version: version + 1,
                saved_at: recorder.now,
                saved_by: Some(id),
                deleted: false,
                body: serde_json::to_value(preferences).map_err(|e| Error::Internal(Box::new(e)))?,
            };
            let expect = if version == 0 { Expect::New } else { Expect::Version(version) };
            recorder.write(Write::Setting { document, expect });
            recorder.commit().await?;
            Ok(preferences.whole())
        })
        .await
    }

    async fn own_preferences(&self, id: UserId) -> Result<Option<(NoticePreferences, i64)>, Error> {
        let found = self.store.personal_documents(NoticePreferences::KIND, &[id]).await?;
        let Some(document) = found.into_iter().next() else { return Ok(None) };
        let said = serde_json::from_value(document.body).map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(Some((said, document.version)))
    }
}

fn own_id(call: &Call) -> Result<UserId, Error> {
    call.actor.user_id().ok_or_else(|| Error::forbidden("Only a person is told of things."))
}

/// Reads `{kind: {relation: [channel, …]}}`, and says all that is wrong in it.
fn read(input: &Value) -> Result<NoticePreferences, Error> {
    let mut problems = Problems::default();
    let mut said = BTreeMap::new();
    let Value::Object(kinds) = input else {
        return Err(Error::field("", "wrong_type", "Must be an object."));
    };
    for (name, relations) in kinds {
        let Some(kind) = word::<NoticeKind>(name, name, &mut problems) else { continue };
        let Value::Object(relations) = relations else {
            problems.add(name.as_str(), "wrong_type", "Must be an object.");
            continue;
        };
        let entry: &mut BTreeMap<Relation, BTreeSet<NoticeChannel>> = said.entry(kind).or_default();
        for (relation_name, channels) in relations {
            let at = format!("{name}.{relation_name}");
            let Some(relation) = word::<Relation>(&at, relation_name, &mut problems) else { continue };
            if let Some(channels) = read_channels(&at, channels, &mut problems) {
                entry.insert(relation, channels);
            }
        }
    }
    problems.finish()?;
    Ok(NoticePreferences(said))
}

fn read_channels(at: &str, value: &Value, problems: &mut Problems) -> Option<BTreeSet<NoticeChannel>> {
    let Value::Array(items) = value else {
        problems.add(at, "wrong_type", "Must be a list.");
        return None;
    };
    let mut found = BTreeSet::new();
    // A list of two words has no need of more.
    for (place, item) in items.iter().enumerate().take(10) {
        let at = format!("{at}[{place}]");
        match item.as_str() {
            Some(text) => found.extend(word::<NoticeChannel>(&at, text, problems)),
            None => problems.add(at, "wrong_type", "Must be a text."),
        }
    }
    Some(found)
}

fn word<T: FromStr>(at: &str, text: &str, problems: &mut Problems) -> Option<T> {
    let word = text.parse().ok();
    if word.is_none() {
        problems.add(at, "unknown", "Is not one of the known values.");
    }
    word
}
