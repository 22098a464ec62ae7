//! Lists of tickets: order, pages, filters, counts.

use super::area;
use super::sample::add;
use super::trial::{ALL, Trial, ends, listed};
use crate::access::Scope;
use crate::condition::{Bound, Condition, Field, Literal, Pattern, Test};
use crate::fold::fold;
use crate::ids::{TeamId, UserId};
use crate::model::{FieldType, Priority, Role, Status, Ticket};
use crate::query::{NEVER_DUE, Position, Sort, SortField, SortText, TicketQuery};
use crate::time::from_micros;
use chrono::TimeDelta;
use serde_json::{Value, json};

area!["list":
    is_in_every_order_asked_for,
    pages_follow_one_another,
    a_page_starts_after_a_place_whose_row_is_gone,
    a_page_of_nothing_is_empty,
    a_count_does_not_mind_order_or_page,
    many_lists_are_counted_at_once_up_to_a_limit,
    a_filter_holds_on_every_page,
    values_of_a_field_are_found_in_every_order,
    what_is_due_in_a_stretch_of_time_is_found,
    a_pattern_is_checked,
    relative_times_count_from_the_query,
];

/// Every order there is.
pub(super) fn sorts() -> Vec<Sort> {
    let own = SortField::OF_EVERY_DESK;
    own.into_iter()
        .chain(by_custom_fields())
        .flat_map(|field| [false, true].map(|descending| Sort { field, descending }))
        .collect()
}

/// By a field of each type that has an order; a field's type is its key, too.
pub(super) fn by_custom_fields() -> Vec<SortField> {
    let ordered = FieldType::ALL.iter().filter(|field_type| field_type.has_order());
    ordered.map(|field_type| SortField::Custom(field_type.as_str().parse().unwrap(), *field_type)).collect()
}

/// Texts that sort in another way than they look: by what they are folded to, and by their beginnings alone.
const TEXTS: &[&str] = &["a", "B", "Ä", "straße", "STRASSE", "straßenbahn", "😀", "ＺＺ", "zebra", "10", "9"];

/// Tickets whose keys meet often, in no particular order.
pub(super) async fn crowd(t: &Trial, many: usize) -> Vec<Ticket> {
    let customer = t.sample.user("Iris", Role::Customer);
    let start = t.sample.now();
    let mut tickets = Vec::new();
    for _ in 0..many {
        let mut ticket = t.sample.ticket(&customer);
        let moment = |below| start + TimeDelta::microseconds(i64::try_from(t.sample.ids.below(below)).unwrap());
        ticket.created_at = moment(7);
        ticket.updated_at = moment(3);
        ticket.priority = Priority::ALL[t.sample.ids.below(4)];
        ticket.status = Status::ALL[t.sample.ids.below(6)];
        ticket.team_id = (t.sample.ids.below(4) == 0).then(|| TeamId(t.sample.uuid()));
        if t.sample.ids.below(3) > 0 {
            let mut sla = t.sample.sla();
            sla.resolution.iter_mut().for_each(|clock| clock.due_at = Some(moment(5)));
            ticket.sla = Some(Box::new(sla));
        }
        ticket.custom_fields.extend(some_values(t));
        tickets.push(ticket);
    }
    let mut writes = vec![add(&customer)];
    writes.extend(tickets.iter().map(add));
    t.commit(writes).await;
    tickets
}

const NUMBERS: &[f64] = &[-2.5, -1.0, -0.0001, 0.0, 0.0001, 1.0, 2.25, 10.0, 99_999_999_999.0];

/// Values of fields that have an order, each of them missing now and then.
fn some_values(t: &Trial) -> Vec<(String, Value)> {
    let below = |many| t.sample.ids.below(many);
    let text = |long: bool| {
        let text = TEXTS[below(TEXTS.len())];
        // What differs behind the beginning that is compared does not count.
        if !long {
            return text.to_owned();
        }
        let beginning: String = text.chars().cycle().take(SortText::CHARACTERS).collect();
        format!("{beginning}{}", below(9))
    };
    let values = [
        ("text", json!(text(below(4) == 0))),
        ("number", json!(NUMBERS[below(NUMBERS.len())])),
        ("date", json!(format!("20{:02}-01-{:02}", below(3) + 19, below(3) + 9))),
        ("select", json!(text(false))),
    ];
    values.into_iter().filter(|_| below(4) > 0).map(|(key, value)| (key.to_owned(), value)).collect()
}

/// The order as the query's documentation puts it.
pub(super) fn in_order(tickets: &[Ticket], sort: Sort) -> Vec<Ticket> {
    let mut sorted = tickets.to_vec();
    sorted.sort_by(|one, other| sort.compare(&Position::of_ticket(sort, one), &Position::of_ticket(sort, other)));
    sorted
}

/// By how many rows a list in this order is walked.
pub(super) fn sizes(sort: Sort) -> &'static [usize] {
    match sort.field {
        // The store in memory looks at all tickets for each of these pages.
        SortField::Custom(..) => &[17],
        _ => &[1, 7, 45, 100],
    }
}

/// All pages, one after another.
pub(super) async fn walk(t: &Trial, mut query: TicketQuery) -> Vec<Ticket> {
    let mut found: Vec<Ticket> = Vec::new();
    loop {
        let page = t.store.tickets(&ALL, &query).await.expect("a page is read");
        assert!(page.len() <= query.limit, "a page has at most {} rows", query.limit);
        let Some(last) = page.last() else { return found };
        query.after = Some(Position::of_ticket(query.sort, last));
        found.extend(page);
        ends(found.len());
    }
}

async fn is_in_every_order_asked_for(t: &Trial) {
    let tickets = crowd(t, 60).await;
    for sort in sorts() {
        let found = t.store.tickets(&ALL, &listed(t, Condition::always(), sort, 1_000)).await.unwrap();
        assert_eq!(found, in_order(&tickets, sort), "{sort:?}");
    }
}

async fn pages_follow_one_another(t: &Trial) {
    let tickets = crowd(t, 45).await;
    for sort in sorts() {
        let wanted = in_order(&tickets, sort);
        for size in sizes(sort) {
            let found = walk(t, listed(t, Condition::always(), sort, *size)).await;
            assert_eq!(found.len(), wanted.len(), "{sort:?} by pages of {size}");
            assert_eq!(found, wanted, "{sort:?} by pages of {size}");
        }
    }
}

async fn a_page_starts_after_a_place_whose_row_is_gone(t: &Trial) {
    let tickets = crowd(t, 30).await;
    for sort in sorts() {
        let wanted = in_order(&tickets, sort);
        let mut query = listed(t, Condition::always(), sort, 100);
        // Places between rows, as they are left behind by rows that moved or went.
        for (place, ticket) in wanted.iter().enumerate() {
            let mut after = Position::of_ticket(sort, ticket);
            let bits = after.id.as_u128();
            after.id = uuid::Uuid::from_u128(if sort.descending { bits - 1 } else { bits + 1 });
            query.after = Some(after);
            let found = t.store.tickets(&ALL, &query).await.unwrap();
            assert_eq!(found, wanted[place + 1..], "{sort:?} after place {place}");
        }
        for (key, wanted) in [(i64::from(i16::MIN), sort.descending), (i64::from(i16::MAX), !sort.descending)] {
            if matches!(sort.field, SortField::Priority | SortField::Status) {
                query.after = Some(Position::at(key, uuid::Uuid::nil()));
                let found = t.store.tickets(&ALL, &query).await.unwrap();
                assert_eq!(found.is_empty(), wanted, "{sort:?} after key {key}");
            }
        }
    }
}

async fn a_page_of_nothing_is_empty(t: &Trial) {
    crowd(t, 5).await;
    assert!(t.store.tickets(&ALL, &listed(t, Condition::always(), Sort::default(), 0)).await.unwrap().is_empty());
    let never = listed(t, Condition::Any(Vec::new()), Sort::default(), 10);
    assert!(t.store.tickets(&ALL, &never).await.unwrap().is_empty());
    assert_eq!(t.store.ticket_count(&ALL, &never).await.unwrap(), 0);
}

async fn a_count_does_not_mind_order_or_page(t: &Trial) {
    let tickets = crowd(t, 40).await;
    let filter = Condition::leaf(Field::Priority, Test::In(vec![Literal::Rank(Priority::High.rank())]));
    let wanted = tickets.iter().filter(|ticket| ticket.priority == Priority::High).count();
    for sort in sorts() {
        let mut query = listed(t, filter.clone(), sort, 1);
        query.after = Some(Position::of_ticket(sort, &tickets[3]));
        assert_eq!(t.store.ticket_count(&ALL, &query).await.unwrap(), wanted as u64, "{sort:?}");
        query.limit = 0;
        assert_eq!(t.store.ticket_count(&ALL, &query).await.unwrap(), wanted as u64, "{sort:?} without rows");
    }
}

async fn many_lists_are_counted_at_once_up_to_a_limit(t: &Trial) {
    let tickets = crowd(t, 60).await;
    let number = Pattern(regex::Regex::new("^TKT-[2-9A-M]").unwrap());
    let filters = [
        Condition::always(),
        Condition::leaf(Field::Priority, Test::In(vec![Literal::Rank(Priority::High.rank())])),
        Condition::Any(Vec::new()),
        Condition::leaf(Field::TicketNumber, Test::Matches(number)),
        Condition::leaf(Field::SlaDueAt, Test::Empty),
    ];
    let queries = filters.map(|filter| listed(t, filter, Sort::default(), 1));
    for scope in [ALL, Scope::Agent { user_id: UserId(t.sample.uuid()), teams: vec![] }] {
        for most in [1, 5, 59, 60, 61, 1_000] {
            let holds =
                |query: &TicketQuery, ticket: &&Ticket| scope.sees(ticket) && query.filter.holds(ticket, query.now);
            let wanted: Vec<u64> = queries
                .iter()
                .map(|query| tickets.iter().filter(|ticket| holds(query, ticket)).take(most).count() as u64)
                .collect();
            let counted = t.store.ticket_counts(&scope, &queries, most).await.expect("lists are counted");
            assert_eq!(counted, wanted, "{scope:?} up to {most}");
        }
    }
    assert_eq!(t.store.ticket_counts(&ALL, &[], 5).await.expect("nothing is counted"), Vec::<u64>::new());
}

async fn a_filter_holds_on_every_page(t: &Trial) {
    let tickets = crowd(t, 60).await;
    let open = Condition::leaf(Field::Status, Test::In(vec![Literal::Rank(0), Literal::Rank(1)]));
    let filter = Condition::Not(Box::new(open));
    let left: Vec<Ticket> =
        tickets.into_iter().filter(|row| !matches!(row.status, Status::Open | Status::InProgress)).collect();
    for sort in sorts() {
        let found = walk(t, listed(t, filter.clone(), sort, 4)).await;
        assert_eq!(found, in_order(&left, sort), "{sort:?}");
    }
}

async fn values_of_a_field_are_found_in_every_order(t: &Trial) {
    let tickets = crowd(t, 60).await;
    let text = |key: &str, text: &str| {
        let field = Field::Custom(key.parse().unwrap(), FieldType::Text);
        Condition::leaf(field, Test::In(vec![Literal::Text(fold(text))]))
    };
    let long = format!("{}1", "zebra".repeat(41));
    let filters = [
        text("text", "STRAẞE"),
        text("select", "zebra"),
        text("text", &long),
        text("text", &fold(&long).chars().take(40).collect::<String>()),
        Condition::All(vec![text("text", "a"), text("select", "b")]),
        Condition::Not(Box::new(text("text", "a"))),
    ];
    for filter in filters {
        let wanted: Vec<Ticket> = tickets.iter().filter(|row| filter.holds(row, t.sample.now())).cloned().collect();
        for sort in sorts() {
            let query = listed(t, filter.clone(), sort, 4);
            assert_eq!(t.store.ticket_count(&ALL, &query).await.unwrap(), wanted.len() as u64, "{filter:?} counted");
            assert_eq!(walk(t, query).await, in_order(&wanted, sort), "{filter:?} by {sort:?}");
        }
    }
}

async fn what_is_due_in_a_stretch_of_time_is_found(t: &Trial) {
    let tickets = crowd(t, 60).await;
    let due = |ticket: &Ticket| ticket.sla_due_at();
    let mut moments: Vec<_> = tickets.iter().filter_map(due).collect();
    moments.sort_unstable();
    assert!(moments.len() < tickets.len() && moments.first() < moments.last(), "some are due, apart from one another");
    let (first, middle) = (moments[0], moments[moments.len() / 2]);
    let never = from_micros(NEVER_DUE).unwrap();
    let at = |moment| Some(Bound::at(Literal::Time(moment)));
    let beyond = |moment| Some(Bound::beyond(Literal::Time(moment)));
    for (min, max) in [
        (at(first), None),
        (None, at(middle)),
        (at(middle), at(middle)),
        (beyond(first), beyond(middle)),
        // What is never due is not due at the end of all time either.
        (None, at(never)),
        (at(never), None),
        (None, None),
    ] {
        let filter = Condition::leaf(Field::SlaDueAt, Test::Range { min, max });
        let wanted: Vec<Ticket> = tickets.iter().filter(|row| filter.holds(row, t.sample.now())).cloned().collect();
        for sort in sorts() {
            let query = listed(t, filter.clone(), sort, 4);
            assert_eq!(t.store.ticket_count(&ALL, &query).await.unwrap(), wanted.len() as u64, "{filter:?} counted");
            assert_eq!(walk(t, query).await, in_order(&wanted, sort), "{filter:?} by {sort:?}");
        }
    }
    let empty = listed(t, Condition::leaf(Field::SlaDueAt, Test::Empty), Sort::default(), 4);
    let without: Vec<Ticket> = tickets.iter().filter(|row| due(row).is_none()).cloned().collect();
    assert_eq!(walk(t, empty).await, in_order(&without, Sort::default()), "what is never due");
}

async fn a_pattern_is_checked(t: &Trial) {
    let customer = t.sample.user("Jan", Role::Customer);
    let mut writes = vec![add(&customer)];
    let mut wanted = Vec::new();
    for place in 0..60 {
        let mut ticket = t.sample.ticket(&customer);
        ticket.subject = format!("Order {place:03}");
        if place % 10 == 7 {
            wanted.push(ticket.id);
        }
        writes.push(add(&ticket));
    }
    t.commit(writes).await;
    let pattern = Pattern(regex::Regex::new("^Order [0-9]+7$").unwrap());
    let filter = Condition::leaf(Field::Subject, Test::Matches(pattern));
    let sort = Sort { field: SortField::CreatedAt, descending: false };
    for size in [1, 4, 100] {
        // Rows that the database let through and the pattern does not must not shorten a page to
        // nothing while others follow.
        let found = walk(t, listed(t, filter.clone(), sort, size)).await;
        assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), wanted, "by pages of {size}");
    }
    assert_eq!(t.store.ticket_count(&ALL, &listed(t, filter.clone(), sort, 1)).await.unwrap(), 6, "counted");
    let others = Condition::Not(Box::new(filter));
    assert_eq!(t.store.ticket_count(&ALL, &listed(t, others, sort, 1)).await.unwrap(), 54, "the others counted");
}

async fn relative_times_count_from_the_query(t: &Trial) {
    let customer = t.sample.user("Kai", Role::Customer);
    let ticket = t.sample.ticket(&customer);
    t.commit(vec![add(&customer), add(&ticket)]).await;
    let filter = Condition::leaf(Field::CreatedAt, Test::OlderThan(TimeDelta::hours(1)));
    for (later, wanted) in [(0, 0), (3_599_999_999, 0), (3_600_000_001, 1), (7_200_000_000, 1)] {
        let mut query = listed(t, filter.clone(), Sort::default(), 10);
        query.now = ticket.created_at + TimeDelta::microseconds(later);
        assert_eq!(t.store.ticket_count(&ALL, &query).await.unwrap(), wanted, "{later} microseconds later");
    }
}
