//! Conditions of views, which mean something else to each who looks at them, and whenever.

use super::grammar::{Grammar, History, Standing, Wire};
use super::{Asked, Condition, Field, Kind, Literal, Operator, read};
use crate::error::FieldError;
use crate::ids::{TeamId, UserId};
use crate::model::CustomFields;
use crate::time::{Time, YEARS, parse_duration};
use chrono::Datelike;
use serde_json::Value;

/// Who looks at a view, and when.
#[derive(Clone, Copy, Debug)]
pub struct Viewer<'a> {
    /// Who `me` is; none where the desk itself looks, which holds no ticket.
    pub id: Option<UserId>,
    /// What `my_teams` are.
    pub teams: &'a [TeamId],
    /// What `now` is.
    pub now: Time,
}

/// Reads a condition of a view as it is meant to whoever looks; else as [`super::parse`] does.
pub fn parse_viewed(
    value: &Value,
    path: &str,
    custom: &CustomFields,
    viewer: Viewer<'_>,
) -> Result<Condition, Vec<FieldError>> {
    read(value, path, &Viewed { standing: Standing(custom), viewer })
}

/// Tickets as they stand, seen by somebody at a moment.
struct Viewed<'a> {
    standing: Standing<'a>,
    viewer: Viewer<'a>,
}

impl Grammar for Viewed<'_> {
    type Field = Field;
    type Node = Condition;

    fn field(&self, name: &str) -> Option<Field> {
        self.standing.field(name)
    }

    fn fields(&self) -> String {
        self.standing.fields()
    }

    fn history(&self, field: &Field) -> Option<History<Field>> {
        self.standing.history(field)
    }

    fn spellings(&self, field: &Field, text: &str) -> Vec<String> {
        self.standing.spellings(field, text)
    }

    fn other_leaf(&self, field: &Field, wire: Wire<'_>) -> Option<Result<Condition, String>> {
        self.standing.other_leaf(field, wire)
    }

    fn other_operators(&self) -> Vec<&str> {
        self.standing.other_operators()
    }

    fn word(&self, field: &Field, word: &str) -> Option<Vec<Literal>> {
        match (field, word) {
            (Field::AssignedAgentId | Field::CustomerId, "me") => {
                Some(self.viewer.id.map(|id| Literal::Id(id.0)).into_iter().collect())
            }
            (Field::TeamId, "my_teams") => Some(self.viewer.teams.iter().map(|id| Literal::Id(id.0)).collect()),
            (field, word) if field.kind() == Kind::Time => {
                moment(word, self.viewer.now).map(|at| vec![Literal::Time(at)])
            }
            _ => None,
        }
    }

    fn refuses(&self, operator: Operator) -> Option<&'static str> {
        // A view is counted while people look at others, so SQL has to say all of it.
        (operator == Operator::Matches).then_some("A view can't ask matches, which would look at every ticket.")
    }

    fn leaf(&self, field: &Field, wire: Wire<'_>, says: Condition) -> Condition {
        self.standing.leaf(field, wire, says)
    }

    fn all(&self, parts: Vec<Condition>) -> Condition {
        self.standing.all(parts)
    }

    fn any(&self, parts: Vec<Condition>) -> Condition {
        self.standing.any(parts)
    }

    fn not(&self, part: Condition) -> Condition {
        self.standing.not(part)
    }
}

/// A moment that is counted from now: `now`, `now+4h`, `now-2d`.
fn moment(word: &str, now: Time) -> Option<Time> {
    let rest = word.strip_prefix("now")?;
    let at = match rest.split_at_checked(1) {
        None => rest.is_empty().then_some(now),
        Some(("+", ahead)) => now.checked_add_signed(parse_duration(ahead).ok()?),
        Some(("-", back)) => now.checked_sub_signed(parse_duration(back).ok()?),
        Some(_) => None,
    };
    at.filter(|at| YEARS.contains(&at.year()))
}

#[cfg(test)]
mod tests {
    use super::super::{Bound, Test};
    use super::*;
    use crate::time::from_micros;
    use chrono::TimeDelta;
    use serde_json::json;
    use uuid::Uuid;

    const ME: UserId = UserId(Uuid::from_u128(1));
    const TEAMS: [TeamId; 2] = [TeamId(Uuid::from_u128(2)), TeamId(Uuid::from_u128(3))];

    fn now() -> Time {
        from_micros(1_750_000_000_000_000).unwrap()
    }

    fn seen_by(id: Option<UserId>, teams: &[TeamId], value: &Value) -> Result<Condition, Vec<FieldError>> {
        parse_viewed(value, "conditions", &CustomFields::default(), Viewer { id, teams, now: now() })
    }

    fn test(field: &str, operator: &str, value: &Value) -> Condition {
        let leaf = json!({"field": field, "operator": operator, "value": value});
        seen_by(Some(ME), &TEAMS, &leaf).unwrap()
    }

    fn ids(values: &[Uuid]) -> Test {
        Test::In(values.iter().map(|id| Literal::Id(*id)).collect())
    }

    #[test]
    fn words_stand_for_whoever_looks() {
        let agent = |test| Condition::leaf(Field::AssignedAgentId, test);
        let team = |test| Condition::leaf(Field::TeamId, test);
        let teams = [TEAMS[0].0, TEAMS[1].0];
        assert_eq!(test("assigned_agent_id", "equals", &json!("me")), agent(ids(&[ME.0])));
        assert_eq!(test("assigned_agent_id", "not_equals", &json!("me")), agent(ids(&[ME.0])).negated());
        assert_eq!(test("customer_id", "equals", &json!("me")), Condition::leaf(Field::CustomerId, ids(&[ME.0])));
        let none_or_me = Condition::Any(vec![agent(Test::Empty), agent(ids(&[ME.0]))]);
        assert_eq!(test("assigned_agent_id", "in", &json!(["me", null, ME])), none_or_me, "named twice, meant once");
        assert_eq!(test("team_id", "equals", &json!("my_teams")), team(ids(&teams)));
        let other = Uuid::from_u128(9);
        let named = json!([other, "my_teams", TEAMS[0]]);
        assert_eq!(test("team_id", "in", &named), team(ids(&[other, teams[0], teams[1]])));
        let leaf = json!({"field": "team_id", "operator": "equals", "value": "my_teams"});
        assert_eq!(seen_by(None, &[], &leaf).unwrap(), team(ids(&[])), "whoever is in no team sees none");
        let leaf = json!({"field": "assigned_agent_id", "operator": "equals", "value": "me"});
        assert_eq!(seen_by(None, &[], &leaf).unwrap(), agent(ids(&[])), "the desk holds none");
    }

    #[test]
    fn moments_are_counted_from_now() {
        let before = |at: Time| {
            let max = Some(Bound::beyond(Literal::Time(at)));
            Condition::leaf(Field::SlaDueAt, Test::Range { min: None, max })
        };
        for (word, ahead) in [("now", 0), ("now+4h", 4 * 3_600), ("now-2d", -2 * 86_400), ("now+0s", 0)] {
            let at = now() + TimeDelta::seconds(ahead);
            assert_eq!(test("sla_due_at", "less_than", &json!(word)), before(at), "{word}");
        }
        for word in ["now+", "now4h", "now+4", "now + 4h", "later", "now-9999d", "nowü4h"] {
            let leaf = json!([{"field": "sla_due_at", "operator": "less_than", "value": word}]);
            let errors = seen_by(Some(ME), &TEAMS, &leaf).expect_err(word);
            assert_eq!((errors[0].field.as_str(), errors[0].code), ("conditions[0].value", "invalid_value"), "{word}");
        }
    }

    #[test]
    fn words_are_none_elsewhere_and_matches_is_refused() {
        let refused = [
            ("organization_id", "equals", json!("me"), "value"),
            ("team_id", "equals", json!("me"), "value"),
            ("assigned_agent_id", "equals", json!("my_teams"), "value"),
            ("subject", "matches", json!("x+"), "operator"),
        ];
        for (field, operator, value, place) in refused {
            let conditions = json!([[], {"field": field, "operator": operator, "value": value}]);
            let errors = seen_by(Some(ME), &TEAMS, &conditions).expect_err(field);
            assert_eq!(errors[0].field, format!("conditions[1].{place}"), "{field} {operator}");
        }
        // A text may be such a word.
        let text = Test::In(vec![Literal::Text("now".to_owned())]);
        assert_eq!(test("category", "equals", &json!("now")), Condition::leaf(Field::Category, text));
        let leaf = json!({"field": "assigned_agent_id", "operator": "equals", "value": "me"});
        assert!(super::super::parse(&leaf, "filter", &CustomFields::default()).is_err(), "of nobody in particular");
    }
}
