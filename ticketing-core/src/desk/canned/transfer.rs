//! Canned responses taken out of one desk and into another.

use super::input::read_texts;
use super::{NewCannedResponse, all_seen, blank, check_content};
use crate::access::Call;
use crate::canned::Findable;
use crate::desk::recorder::Recorder;
use crate::desk::setting::{Kind, check_asked};
use crate::desk::{Desk, SharingPatch, Snapshot};
use crate::error::Error;
use crate::fold::fold;
use crate::ids::CannedResponseId;
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{CannedResponse, Sharing, Visibility};
use crate::setting::Stored;
use crate::time::Time;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

/// All canned responses that somebody has, as [`CannedResponseImport`] reads it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CannedResponseExport {
    /// By title.
    pub canned_responses: Vec<ExportedCannedResponse>,
}

/// What a canned response says, without what belongs to one desk: ids, people and versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // The fields are the response's own; see `model::CannedResponse`.
pub struct ExportedCannedResponse {
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    pub content: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortcut: Option<String>,
    pub visibility: Visibility,
    /// The name of the team that it is shared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
}

impl ExportedCannedResponse {
    fn new(response: &CannedResponse, snapshot: &Snapshot) -> Self {
        let CannedResponse { title, category, content, shortcut, sharing, .. } = response.clone();
        let team = sharing.team().and_then(|id| snapshot.directory.team(id)).map(|team| team.name.clone());
        Self { title, category, content, shortcut, visibility: sharing.visibility(), team }
    }
}

/// A canned response to be taken in.
#[derive(Clone, Debug, Default)]
pub struct NewImportedResponse {
    /// What it says.
    pub texts: NewCannedResponse,
    /// The name of the team that it is shared with.
    pub team: Option<String>,
}

impl NewImportedResponse {
    fn read(fields: &mut Fields) -> Self {
        let visibility = fields.word("visibility", Visibility::ALL);
        let sharing = SharingPatch { visibility, team_id: Patch::Keep };
        let team = fields.nullable_text("team").into_option().flatten();
        Self { texts: NewCannedResponse { sharing, ..read_texts(fields) }, team }
    }

    /// With whom it is shared on this desk.
    fn sharing(&self, call: &Call, snapshot: &Snapshot) -> Result<Sharing, Error> {
        let mut patch = self.texts.sharing.clone();
        if let Some(name) = &self.team {
            let wanted = fold(name.trim());
            let team = snapshot.directory.teams().find(|team| team.is_active && fold(&team.name) == wanted);
            let team = team.ok_or_else(|| Error::field("team", "unknown", "There is no such active team."))?;
            patch.team_id = Patch::Set(Some(team.id));
        }
        let sharing = patch.apply(None, &call.actor, &snapshot.directory).map_err(|error| match error {
            // It is told by the name of the field that was sent.
            Error::Invalid(mut errors) => {
                errors
                    .iter_mut()
                    .filter(|error| error.field == "team_id")
                    .for_each(|error| "team".clone_into(&mut error.field));
                Error::Invalid(errors)
            }
            other => other,
        })?;
        sharing.check_writer(&call.actor, &snapshot.directory)?;
        Ok(sharing)
    }
}

/// Canned responses to be taken in.
#[derive(Clone, Debug, Default)]
pub struct CannedResponseImport {
    /// Which. One that has the title of one that is there, and is shared as that, replaces it.
    pub canned_responses: Vec<NewImportedResponse>,
    /// Only say what would become of them.
    pub dry_run: bool,
}

impl Input for CannedResponseImport {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["canned_responses"]);
        Self {
            canned_responses: fields
                .list("canned_responses", NewImportedResponse::read)
                .into_option()
                .unwrap_or_default(),
            dry_run: fields.flag("dry_run").into_option().unwrap_or_default(),
        }
    }

    fn check(&self, problems: &mut Problems) {
        for (place, new) in self.canned_responses.iter().enumerate() {
            let mut inner = Problems::default();
            new.texts.check(&mut inner);
            problems.extend_below(&format!("canned_responses[{place}]"), inner);
        }
    }
}

/// What became of one canned response that was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportedCannedResponse {
    /// Its id; none where it would be made.
    pub id: Option<CannedResponseId>,
    /// What people find it by.
    pub title: String,
    /// The version that it has now, or would have.
    pub version: i64,
}

/// What became of canned responses that were taken in, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportedCannedResponses {
    /// Those that there were none of.
    pub created: Vec<ImportedCannedResponse>,
    /// Those that are another version of one that was there.
    pub updated: Vec<ImportedCannedResponse>,
    /// Those that were there already.
    pub unchanged: Vec<ImportedCannedResponse>,
}

/// A canned response as it will be, with the one that it replaces.
type Planned<'s> = (Option<&'s Stored<CannedResponse>>, Stored<CannedResponse>);

impl Desk {
    /// What all canned responses say that the actor has, to be kept or taken into another desk. For staff.
    pub async fn export_canned_responses(&self, call: impl Into<Call>) -> Result<CannedResponseExport, Error> {
        let call = &call.into();
        let snapshot = self.snapshot().await?;
        let personal = self.own_canned(call).await?;
        let mut all: Vec<_> = all_seen(call, &snapshot, &personal).map(|one| &one.stored).collect();
        all.sort_by_cached_key(|stored| (fold(&stored.content.title), stored.id));
        let exported = all.into_iter().map(|stored| ExportedCannedResponse::new(&stored.content, &snapshot));
        Ok(CannedResponseExport { canned_responses: exported.collect() })
    }

    /// Takes canned responses in, all or none. One is known by its title and by whom it is shared with; what is there and
    /// not named stays as it is. For staff; what is shared, for those who may share it.
    pub async fn import_canned_responses(
        &self,
        call: impl Into<Call>,
        input: CannedResponseImport,
    ) -> Result<ImportedCannedResponses, Error> {
        let (call, input) = (&call.into(), &input);
        check_asked::<CannedResponse>(call, input)?;
        let _turn = self.own_turn::<CannedResponse>(call).await;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let personal = self.own_canned(call).await?;
            let planned = self.plan_canned((call, &snapshot, recorder.now), &personal, &input.canned_responses)?;
            check_room(&snapshot, &personal, &planned)?;
            let mut imported = ImportedCannedResponses::default();
            let mut is_changed = false;
            for (old, new) in planned {
                let title = new.content.title.clone();
                let changes = CannedResponse::changes(old.map(|old| &old.content), &new.content);
                if changes.is_empty() {
                    let id = Some(CannedResponseId(new.id));
                    imported.unchanged.push(ImportedCannedResponse { id, title, version: new.version - 1 });
                    continue;
                }
                if !input.dry_run {
                    recorder.version(&new, "imported", &changes)?;
                    is_changed = true;
                }
                let id = (old.is_some() || !input.dry_run).then_some(CannedResponseId(new.id));
                let told = ImportedCannedResponse { id, title, version: new.version };
                if old.is_some() { imported.updated.push(told) } else { imported.created.push(told) }
            }
            recorder.answer(|| &imported)?;
            if is_changed {
                recorder.commit().await?;
            } else {
                recorder.unchanged().await?;
            }
            Ok(imported)
        })
        .await
    }

    /// The responses as they will be, each with the one that it replaces, or all that is wrong with them.
    fn plan_canned<'s>(
        &self,
        (call, snapshot, now): (&Call, &'s Snapshot, Time),
        personal: &'s [Findable],
        given: &[NewImportedResponse],
    ) -> Result<Vec<Planned<'s>>, Error> {
        let mut known: HashMap<(String, Sharing), Vec<&Stored<CannedResponse>>> = HashMap::new();
        for one in all_seen(call, snapshot, personal) {
            let key = (fold(&one.stored.content.title), one.stored.content.sharing);
            known.entry(key).or_default().push(&one.stored);
        }
        let (mut problems, mut places) = (Problems::default(), HashMap::new());
        let mut planned = Vec::with_capacity(given.len());
        for (place, new) in given.iter().enumerate() {
            let at = format!("canned_responses[{place}]");
            let mut inner = Problems::default();
            if let Err(error) = check_content(&new.texts.content, snapshot) {
                add(&mut inner, error)?;
            }
            let sharing = match new.sharing(call, snapshot) {
                Ok(sharing) => sharing,
                Err(error) => {
                    add(&mut inner, error)?;
                    problems.extend_below(&at, inner);
                    continue;
                }
            };
            let key = (fold(new.texts.title.trim()), sharing);
            if let Some(first) = places.insert(key.clone(), place) {
                inner.add("title", "duplicate", format!("canned_responses[{first}] has the same title."));
            }
            let old = match known.get(&key).map(Vec::as_slice) {
                None => None,
                Some([one]) => Some(*one),
                Some(_) => {
                    inner.add("title", "ambiguous", "More than one canned response has this title.");
                    None
                }
            };
            problems.extend_below(&at, inner);
            let stored = if let Some(old) = old {
                let mut content = old.content.clone();
                new.texts.replace(&mut content);
                old.next(now, content)
            } else {
                let content = blank(&new.texts, sharing, now);
                Stored { id: self.ids().uuid(now), version: 1, saved_at: now, content }
            };
            planned.push((old, stored));
        }
        problems.finish()?;
        Ok(planned)
    }
}

/// Whether there is room for those that are new.
fn check_room(snapshot: &Snapshot, personal: &[Findable], planned: &[Planned<'_>]) -> Result<(), Error> {
    let new = planned.iter().filter(|(old, _)| old.is_none());
    let (own, shared): (Vec<_>, Vec<_>) = new.partition(|(_, new)| new.content.sharing.owner().is_some());
    snapshot.check_room::<CannedResponse>(shared.len())?;
    if personal.len() + own.len() > CannedResponse::OWN_LIMIT {
        let most = CannedResponse::OWN_LIMIT;
        return Err(Error::conflict("too_many", format!("A person has at most {most} {}.", CannedResponse::MANY)));
    }
    Ok(())
}

/// Notes what is wrong with one of many; what is no fault of it stops all.
fn add(problems: &mut Problems, error: Error) -> Result<(), Error> {
    match error {
        Error::Invalid(errors) => problems.extend(errors),
        Error::Forbidden(detail) => problems.add("visibility", "forbidden", detail),
        other => return Err(other),
    }
    Ok(())
}
