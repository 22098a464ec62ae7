//! Lists of tickets that the small desk's people have put together for one another.

use super::company::{Company, FIRST_LEAD, MANAGER, WORKSHOP_LEAD};
use super::dice::{Dice, moment};
use super::rhythm::DAY;
use super::scenario::{RIDERS, WORKSHOP};
use crate::model::{ListColumn, Matching, Person, SavedView, Sharing, ViewColumn};
use crate::port::IdSource;
use crate::query::{Sort, SortField};
use crate::setting::Stored;
use serde_json::json;

/// A view, and who made it: two for teams by their leads, and one for everybody by the manager.
pub(super) fn views(company: &Company, opening: i64, dice: &Dice) -> Vec<(Stored<SavedView>, Person)> {
    let team = |place: usize| company.teams[place].team.id;
    let unsolved = json!({"field": "status", "operator": "in", "value": ["open", "in_progress", "pending", "on_hold"]});
    let of_team = |place: usize| json!({"field": "team_id", "operator": "equals", "value": team(place)});
    let unanswered = json!([of_team(RIDERS), unsolved, {"field": "first_responded_at", "operator": "is_empty"}]);
    let unsafe_bikes = json!([
        of_team(WORKSHOP), unsolved,
        {"any": [{"field": "category", "operator": "equals", "value": "Safety"},
            {"field": "custom_fields.parts", "operator": "in", "value": ["Battery", "Brakes"]}]},
    ]);
    let broken = json!([
        {"field": "is_sla_breached", "operator": "equals", "value": true},
        {"field": "updated_at", "operator": "greater_than", "value": "now-7d"},
    ]);
    let oldest = Sort { field: SortField::CreatedAt, descending: false };
    let urgent = Sort { field: SortField::Priority, descending: true };
    let parts = "parts".parse().ok().map(ViewColumn::Custom);
    let bench = [ListColumn::Status, ListColumn::Assignee, ListColumn::Sla].map(ViewColumn::Of);
    let bench = bench.into_iter().chain(parts).collect();
    let riders = Sharing::Team(team(RIDERS));
    let all = [
        (FIRST_LEAD, "Nobody has answered yet", riders, unanswered, Vec::new(), oldest, Some("message-circle")),
        (WORKSHOP_LEAD, "Safety first", Sharing::Team(team(WORKSHOP)), unsafe_bikes, bench, urgent, Some("shield")),
        (MANAGER, "Promises broken this week", Sharing::All, broken, Vec::new(), Sort::default(), None),
    ];
    let mut made = Vec::with_capacity(all.len());
    for (place, (author, name, sharing, conditions, columns, sort, icon)) in (1..).zip(all) {
        let at = moment(opening + i64::from(place) * DAY);
        let content = SavedView {
            name: name.to_owned(),
            sharing,
            conditions,
            matching: Matching::All,
            columns,
            sort: Some(sort.to_string()),
            position: 60 + place * 10,
            icon: icon.map(str::to_owned),
            is_hidden: false,
            created_at: Some(at),
        };
        made.push((
            Stored { id: dice.uuid(at), version: 1, saved_at: at, content },
            company.staff[author].person.clone(),
        ));
    }
    made
}
