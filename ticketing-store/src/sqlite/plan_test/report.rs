//! Reports, working time and routing.

use super::super::report::push_counting;
use super::super::routing::{push_loads, push_waiting};
use super::super::time::{push_counting as push_time_counting, push_list as push_time, push_overlapping, push_span};
use super::{ALL, ME, plan, store};
use sqlx::QueryBuilder;
use ticketing_core::access::Scope;
use ticketing_core::ids::{OrganizationId, TeamId, TicketId, TimeEntryId, UserId};
use ticketing_core::query::{TimeFilter, TimeQuery};
use ticketing_core::report::{SlaGrouping, SlaTallyQuery, TimeGrouping, TimeTallyQuery};
use ticketing_core::time::from_micros;
use uuid::Uuid;

#[tokio::test]
async fn what_waits_and_what_members_hold_is_found_among_all_that_is_over() {
    let (_folder, store) = store().await;
    let team = TeamId(Uuid::from_u128(3));
    let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
    push_waiting(&mut query, team, 25);
    let plan_of_waiting = plan(&store, query).await;
    assert!(
        plan_of_waiting.contains("ticket_waiting") && !plan_of_waiting.contains("TEMP B-TREE"),
        "{plan_of_waiting}"
    );
    let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
    push_loads(&mut query, team, &[ME, UserId(Uuid::from_u128(8))]);
    let plan_of_loads = plan(&store, query).await;
    assert!(plan_of_loads.contains("ticket_held") && !plan_of_loads.contains("SCAN t"), "{plan_of_loads}");
}

#[tokio::test]
async fn reports_read_only_the_stretch_that_they_are_about() {
    let (_folder, store) = store().await;
    let [from, middle, to] = [0, 50, 100].map(|micros| from_micros(micros).unwrap());
    for group_by in [SlaGrouping::Whole, SlaGrouping::Team, SlaGrouping::Periods(vec![from, middle])] {
        let asked = SlaTallyQuery { from, to, group_by, metrics: Vec::new(), team_id: None, limit: 10 };
        let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
        push_counting(&mut query, &asked);
        let plan = plan(&store, query).await;
        assert!(
            plan.contains("SEARCH r USING INDEX sla_result_moment (at>? AND at<?)"),
            "{:?}:\n{plan}",
            asked.group_by
        );
    }
}

#[tokio::test]
async fn working_time_is_found_along_its_indexes() {
    let (_folder, store) = store().await;
    let at = |micros| from_micros(micros).unwrap();
    let all = TimeFilter::default();
    let (month, id) = (TimeFilter { from: Some(at(5)), to: Some(at(9)), ..all.clone() }, Uuid::from_u128(3));
    let cases = [
        (all.clone(), "time_entry_by_moment"),
        (month.clone(), "time_entry_by_moment"),
        (TimeFilter { tickets: Some(vec![TicketId(id)]), ..all.clone() }, "time_entry_by_ticket"),
        (TimeFilter { user_id: Some(ME), ..month.clone() }, "time_entry_by_person"),
        (TimeFilter { customer_id: Some(ME), ..all.clone() }, "time_entry_by_customer"),
        (TimeFilter { organization_id: Some(OrganizationId(id)), ..month.clone() }, "time_entry_by_organization"),
    ];
    let agent = Scope::Agent { user_id: ME, teams: vec![TeamId(Uuid::from_u128(1))] };
    for (filter, index) in cases {
        for scope in [&ALL, &agent] {
            let mut select = QueryBuilder::new("EXPLAIN QUERY PLAN ");
            let before = Some((at(8), TimeEntryId(id)));
            push_time(&mut select, scope, &TimeQuery { filter: filter.clone(), before, limit: 25 });
            let plan = plan(&store, select).await;
            assert!(plan.contains(&format!("SEARCH e USING INDEX {index} ")), "{filter:?} by {index}:\n{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{filter:?} is not sorted again:\n{plan}");
            let mut select = QueryBuilder::new("EXPLAIN QUERY PLAN ");
            push_span(&mut select, scope, &filter);
            let edges = super::plan(&store, select).await;
            assert_eq!(edges.matches(index).count(), 2, "{filter:?}:\n{edges}");
        }
    }
    for group_by in [TimeGrouping::Ticket, TimeGrouping::Periods(vec![at(5), at(7)])] {
        let mut select = QueryBuilder::new("EXPLAIN QUERY PLAN ");
        let asked = TimeTallyQuery { filter: month.clone(), group_by, limit: 100 };
        push_time_counting(&mut select, &ALL, &asked);
        let plan = plan(&store, select).await;
        assert!(plan.contains("SEARCH e USING INDEX time_entry_by_moment (at>? AND at<?)"), "{plan}");
    }
    let mut select = QueryBuilder::new("EXPLAIN QUERY PLAN ");
    push_overlapping(&mut select, &agent, ME, (at(5), at(9)), 10);
    let plan = plan(&store, select).await;
    assert!(plan.contains("SEARCH e USING INDEX time_entry_by_person (user_id=? AND at>? AND at<?)"), "{plan}");
    assert!(!plan.contains("TEMP B-TREE"), "{plan}");
}
