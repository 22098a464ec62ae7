//! Random tickets and conditions that meet often enough to be worth comparing.
//!
//! Both draw from the same small pools, so that about half of the conditions hold, and the pools
//! hold what databases disagree about: case folding beyond ASCII, combining marks, scripts of both
//! directions, wildcards and quotes of SQL, absent and empty values, neighbouring microseconds.
//!
//! People, companies and teams are the pools' own: a store that checks references needs
//! [`customers`] and [`organizations`] before it takes a ticket.

use crate::condition::{Bound, Condition, Field, Kind, Literal, Pattern, Test};
use crate::decimal::Decimal;
use crate::fold::fold;
use crate::ids::{OrganizationId, SlaPolicyId, TeamId, TicketId, TicketNumber, UserId};
use crate::model::{
    Channel, CustomField, CustomFields, FieldKey, FieldType, Priority, Sla, SlaClock, SlaPolicyRef, Status, Ticket,
};
use crate::setting::Stored;
use crate::time::Time;
use chrono::{DateTime, NaiveDate, TimeDelta};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};
use uuid::{Builder, Uuid};

/// The moment that the pools are made around: conditions are best asked as of now.
pub fn now() -> Time {
    DateTime::from_timestamp(1_768_471_200, 0).unwrap_or_default()
}

/// Who asks.
pub fn customers() -> [UserId; 3] {
    [1, 2, 3].map(|n| UserId(id(0x100 + n)))
}

/// The customers' companies.
pub fn organizations() -> [OrganizationId; 2] {
    [1, 2].map(|n| OrganizationId(id(0x200 + n)))
}

/// Who answers.
pub fn agents() -> [UserId; 3] {
    [1, 2, 3].map(|n| UserId(id(0x300 + n)))
}

/// The queues.
pub fn teams() -> [TeamId; 2] {
    [1, 2].map(|n| TeamId(id(0x400 + n)))
}

/// The desk's own fields, one of each type; each type's word is the key too.
pub fn custom_fields() -> CustomFields {
    let field = |(place, field_type): (u128, FieldType)| {
        let content = CustomField {
            options: if field_type.has_options() {
                WORDS.iter().map(ToString::to_string).collect()
            } else {
                Vec::new()
            },
            visible_to_customer: true,
            ..CustomField::new(key(field_type), field_type.as_str(), field_type, now())
        };
        Stored { id: id(0x500 + place), version: 1, saved_at: now(), content }
    };
    CustomFields::new((0..).zip(FieldType::ALL.iter().copied()).map(field).collect())
}

fn key(field_type: FieldType) -> FieldKey {
    field_type.as_str().parse().unwrap_or_else(|_| unreachable!("the words of the types are keys"))
}

/// Every field that conditions over these tickets can ask for.
fn fields() -> Vec<Field> {
    let custom = FieldType::ALL.iter().map(|field_type| Field::Custom(key(*field_type), *field_type));
    Field::ALL.iter().copied().chain(custom).collect()
}

/// An id of the seventh version, always the same.
const fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x019b_b000_0000_7000_8000_0000_0000_0000 + n)
}

/// Words that fold, join or sort in ways that databases disagree about.
const WORDS: &[&str] = &[
    "printer",
    "PRINTER",
    "ＰＲＩＮＴＥＲ",
    "Straße",
    "STRASSE",
    "strasse",
    "İstanbul",
    "i̇stanbul",
    "istanbul",
    "ISTANBUL",
    "ﬁle",
    "FILE",
    "file",
    "e\u{301}te\u{301}",
    "été",
    "ÉTÉ",
    "ΣΊΣΥΦΟΣ",
    "σίσυφος",
    "Ǆ",
    "ǅ",
    "東京",
    "ｶﾞ",
    "ガ",
    "مرحبا",
    "שָׁלוֹם",
    "שלום",
    "🦀",
    "👩‍👩‍👧",
    "👩",
    "100%",
    "a_b",
    "axb",
    "back\\slash",
    "o'clock",
    "\"quoted\"",
    "?",
    "$1",
    "--",
    "\u{200f}",
    "Ω",
    "K",
];

const SUBJECTS: &[&str] = &["Printer", "printer on fire", "Straße", "STRASSE", "İ", "i̇", "東京 🦀", "ﬁle", "100% a_b"];

const CATEGORIES: &[&str] = &["Billing", "BILLING", "Straße", "strasse", "東京", "a_b", ""];

const TAGS: &[&str] = &["VIP", "vip", "refund", "straße", "STRASSE", "🦀", "a_b", "東京"];

/// Regular expressions over the original texts.
const PATTERNS: &[&str] = &[
    "(?i)printer",
    "^P",
    "ß",
    r"\p{Han}",
    r"\p{Lu}",
    r"\d+%",
    "^$",
    "(?i)^vip$",
    ".",
    r"\bfile\b",
    "^TKT-[2-9]",
    "[🦀👩]",
];

/// Distances from [`now`] in seconds.
const AGES: &[i64] = &[0, 1, 90, 900, 14_400, 86_400, 172_800, 2_592_000, 34_560_000];

/// Numbers times 10⁴, as the desk keeps them.
const NUMBERS: &[i64] =
    &[-20_000, -1, 0, 1, 3_000, 9_999, 10_000, 10_001, 123_456_789_012_345, 999_999_999_999_990_000];

fn moment() -> impl Strategy<Value = Time> {
    (select(AGES), prop_oneof![4 => Just(0), 1 => -1_i64..=1, 1 => 0_i64..3_600_000_000])
        .prop_map(|(age, micros)| now() - TimeDelta::seconds(age) + TimeDelta::microseconds(micros))
}

fn words(count: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = String> {
    vec(select(WORDS), count).prop_map(|words| words.join(" "))
}

/// Any ticket. Ids and numbers are random, so that many fit into one store.
pub fn ticket() -> impl Strategy<Value = Ticket> {
    let names = (0_u64..1_000_000, any::<[u8; 10]>(), any::<u64>());
    let texts = (
        prop_oneof![select(SUBJECTS).prop_map(str::to_owned), words(1..=4)],
        words(0..=8),
        option::of(select(CATEGORIES).prop_map(str::to_owned)),
        subsequence(TAGS, 0..=4),
        field_values(),
    );
    let words = (select(Status::ALL), select(Priority::ALL), select(Channel::ALL), 0_i16..=5, 1_i64..100, promised());
    let people = (
        select(customers().to_vec()),
        option::of(select(organizations().to_vec())),
        option::of(select(agents().to_vec())),
        option::of(select(teams().to_vec())),
    );
    let maybe = || option::of(moment());
    let times = (moment(), moment(), maybe(), maybe(), maybe(), maybe(), maybe(), maybe());
    (names, texts, words, people, times).prop_map(|(names, texts, words, people, times)| {
        let mut tags: Vec<String> = texts.3.into_iter().map(str::to_owned).collect();
        tags.sort();
        Ticket {
            id: TicketId(Builder::from_unix_timestamp_millis(1_768_000_000_000 + names.0, &names.1).into_uuid()),
            number: TicketNumber::from_bits(names.2),
            subject: texts.0,
            description: texts.1,
            status: words.0,
            priority: words.1,
            category: texts.2,
            tags,
            custom_fields: texts.4,
            channel: words.2,
            customer_id: people.0,
            organization_id: people.1,
            assigned_agent_id: people.2,
            team_id: people.3,
            escalation_level: words.3,
            version: words.4,
            created_at: times.0,
            updated_at: times.1,
            first_responded_at: times.2,
            resolved_at: times.3,
            closed_at: times.4,
            merged_into: None,
            wake_at: times.5,
            last_customer_reply_at: times.6,
            last_status_change_at: times.7,
            sla: words.5,
            rule_spend: None,
        }
    })
}

/// Mostly what a desk lets in, sometimes what no desk would: stores keep it all the same.
fn field_values() -> impl Strategy<Value = Map<String, Value>> {
    let any_value = prop_oneof![
        select(WORDS).prop_map(|word| json!(word)),
        any::<i32>().prop_map(|number| json!(number)),
        any::<bool>().prop_map(|yes| json!(yes)),
        vec(select(WORDS), 0..3).prop_map(|words| json!([words, words.first(), null])),
        Just(json!({"a": ["b"]})),
    ];
    let typed = select(FieldType::ALL)
        .prop_flat_map(|field_type| field_value(field_type).prop_map(move |value| (field_type.as_str(), value)));
    let odd = (select(&["text", "number", "größe", "🦀", "Plan", "_x"][..]), any_value);
    vec(prop_oneof![6 => typed, 1 => odd], 0..7)
        .prop_map(|pairs| pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn field_value(field_type: FieldType) -> BoxedStrategy<Value> {
    match field_type {
        FieldType::Text | FieldType::Textarea => words(0..=2).prop_map(Value::from).boxed(),
        FieldType::Select => select(WORDS).prop_map(Value::from).boxed(),
        FieldType::Multiselect => vec(select(WORDS), 0..4).prop_map(|words| json!(words)).boxed(),
        FieldType::Number => select(NUMBERS)
            .prop_map(|scaled| Decimal::from_scaled(scaled).map(Value::from))
            .prop_map(|number| json!(number))
            .boxed(),
        FieldType::Date => day().prop_map(|day| json!(day.to_string())).boxed(),
        FieldType::Checkbox => any::<bool>().prop_map(Value::from).boxed(),
    }
}

fn day() -> impl Strategy<Value = NaiveDate> {
    select(AGES).prop_map(|age| (now() - TimeDelta::seconds(age)).date_naive())
}

/// Any standing condition: every field with every test that fits it, nested up to three groups deep.
pub fn condition() -> impl Strategy<Value = Condition> {
    leaf().prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Condition::All),
            vec(inner.clone(), 0..4).prop_map(Condition::Any),
            inner.prop_map(Condition::negated),
        ]
    })
}

fn leaf() -> impl Strategy<Value = Condition> {
    select(fields()).prop_flat_map(|field| test(field).prop_map(move |test| Condition::leaf(field, test)))
}

fn test(field: Field) -> BoxedStrategy<Test> {
    let one_of = vec(literal(field), 0..4).prop_map(Test::In);
    let empty = Just(Test::Empty);
    match field.kind() {
        Kind::Text => prop_oneof![
            3 => one_of,
            1 => empty,
            3 => part(field).prop_map(Test::Contains),
            2 => part(field).prop_map(Test::StartsWith),
            1 => pattern().prop_map(Test::Matches),
        ]
        .boxed(),
        Kind::Texts => prop_oneof![
            3 => one_of,
            1 => empty,
            2 => part(field).prop_map(Test::StartsWith),
            1 => pattern().prop_map(Test::Matches),
        ]
        .boxed(),
        Kind::Id | Kind::Flag => prop_oneof![3 => one_of, 1 => empty].boxed(),
        Kind::Word if field == Field::Channel => prop_oneof![3 => one_of, 1 => empty].boxed(),
        Kind::Word | Kind::Number | Kind::Decimal => prop_oneof![3 => one_of, 1 => empty, 3 => range(field)].boxed(),
        Kind::Time | Kind::Date => {
            let age = select(AGES).prop_map(|age| Test::OlderThan(TimeDelta::seconds(age)));
            prop_oneof![1 => one_of, 1 => empty, 3 => range(field), 3 => age].boxed()
        }
    }
}

/// How a ticket stands to what was promised, if anything was.
fn promised() -> impl Strategy<Value = Option<Box<Sla>>> {
    let clock = (moment(), option::of(moment()), option::of(moment()));
    let sla = (clock, any::<bool>()).prop_map(|((started_at, due_at, met_at), is_breached)| {
        let resolution = SlaClock {
            started_at,
            target: 3_600,
            working_time: is_breached,
            spent: 1,
            counts_since: due_at.filter(|_| met_at.is_none()).map(|_| started_at),
            due_at,
            warn_at: due_at,
            warned_at: met_at,
            breached_at: due_at.filter(|_| is_breached),
            met_at,
        };
        Box::new(Sla {
            policy: Some(SlaPolicyRef { id: SlaPolicyId(Uuid::from_u128(1)), version: 1 }),
            calendar_id: None,
            paused_since: met_at,
            first_response: None,
            next_response: None,
            resolution: Some(resolution),
            is_breached,
            planned_at: Some(started_at),
            is_replanned: false,
            replans: Vec::new(),
        })
    });
    option::of(sla)
}

fn literal(field: Field) -> BoxedStrategy<Literal> {
    let ids = |ids: Vec<Uuid>| select(ids).prop_map(Literal::Id).boxed();
    let rank = |count: usize| (0..count).prop_map(|n| Literal::Rank(i16::try_from(n).unwrap_or_default())).boxed();
    match field {
        Field::TicketNumber | Field::Subject | Field::Description | Field::Category | Field::Tags => {
            whole(field).prop_map(Literal::Text).boxed()
        }
        Field::Status => rank(Status::ALL.len()),
        Field::Priority => rank(Priority::ALL.len()),
        Field::Channel => rank(Channel::ALL.len()),
        Field::CustomerId => ids(customers().map(|id| id.0).to_vec()),
        Field::OrganizationId => ids(organizations().map(|id| id.0).to_vec()),
        Field::AssignedAgentId => ids(agents().map(|id| id.0).to_vec()),
        Field::TeamId => ids(teams().map(|id| id.0).to_vec()),
        Field::IsSlaBreached => any::<bool>().prop_map(Literal::Flag).boxed(),
        Field::EscalationLevel => (-1_i64..=6).prop_map(Literal::Number).boxed(),
        Field::CreatedAt
        | Field::UpdatedAt
        | Field::FirstRespondedAt
        | Field::ResolvedAt
        | Field::ClosedAt
        | Field::WakeAt
        | Field::LastCustomerReplyAt
        | Field::LastStatusChangeAt
        | Field::SlaDueAt => moment().prop_map(Literal::Time).boxed(),
        Field::Custom(_, field_type) => match field_type {
            FieldType::Text | FieldType::Textarea | FieldType::Select | FieldType::Multiselect => {
                whole(field).prop_map(Literal::Text).boxed()
            }
            FieldType::Number => {
                select(NUMBERS).prop_filter_map("a number", Decimal::from_scaled).prop_map(Literal::Decimal).boxed()
            }
            FieldType::Date => day().prop_map(Literal::Date).boxed(),
            FieldType::Checkbox => any::<bool>().prop_map(Literal::Flag).boxed(),
        },
    }
}

/// A whole text as such a field may hold it, folded and never empty.
fn whole(field: Field) -> BoxedStrategy<String> {
    let from = |pool: &'static [&'static str]| {
        let full: Vec<_> = pool.iter().filter(|text| !text.is_empty()).map(|text| fold(text)).collect();
        select(full).boxed()
    };
    match field {
        Field::TicketNumber => any::<u64>().prop_map(|bits| fold(TicketNumber::from_bits(bits).as_str())).boxed(),
        Field::Category => from(CATEGORIES),
        Field::Tags => from(TAGS),
        Field::Description | Field::Custom(..) => from(WORDS),
        _ => from(SUBJECTS),
    }
}

/// A part of such a text, cut anywhere between two characters of the folded form.
fn part(field: Field) -> BoxedStrategy<String> {
    let text =
        if field == Field::TicketNumber { whole(field) } else { prop_oneof![whole(field), words(1..=1)].boxed() };
    (text, 0_usize..4, 1_usize..8)
        .prop_map(|(text, start, length)| {
            let text = fold(&text);
            let cut: String = text.chars().skip(start).take(length).collect();
            if cut.is_empty() { text } else { cut }
        })
        .boxed()
}

fn pattern() -> impl Strategy<Value = Pattern> {
    // The pool holds nothing but expressions that compile; a test reads every one.
    select(PATTERNS).prop_filter_map("a regular expression", |source| regex::Regex::new(source).ok().map(Pattern))
}

fn range(field: Field) -> impl Strategy<Value = Test> {
    let bound =
        || option::of((literal(field), any::<bool>()).prop_map(|(value, inclusive)| Bound { value, inclusive }));
    (bound(), bound()).prop_map(|(min, max)| Test::Range { min, max })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    #[test]
    fn every_pattern_of_the_pool_compiles() {
        for source in PATTERNS {
            assert!(regex::Regex::new(source).is_ok(), "{source}");
        }
    }

    #[test]
    fn a_fair_share_of_conditions_holds() {
        let mut runner = TestRunner::deterministic();
        let draws = (ticket(), condition());
        let held = (0..2_000)
            .filter(|_| {
                let (ticket, condition) = draws.new_tree(&mut runner).unwrap().current();
                condition.holds(&ticket, now())
            })
            .count();
        assert!((600..=1_400).contains(&held), "{held} of 2000 hold");
    }

    #[test]
    fn every_test_of_every_field_meets_a_ticket_that_passes() {
        let mut runner = TestRunner::deterministic();
        let draws = (ticket(), leaf());
        let mut passed = std::collections::BTreeSet::new();
        for _ in 0..20_000 {
            let (ticket, condition) = draws.new_tree(&mut runner).unwrap().current();
            let Condition::Leaf(leaf) = &condition else { unreachable!("a leaf") };
            if condition.holds(&ticket, now()) {
                passed.insert((
                    leaf.field.name(),
                    std::mem::discriminant(&leaf.test) == std::mem::discriminant(&Test::Empty),
                ));
            }
        }
        // A random number is hardly guessed whole, but its parts are.
        for field in fields() {
            assert!(passed.contains(&(field.name(), false)), "no test of {} ever passed", field.name());
        }
    }
}
