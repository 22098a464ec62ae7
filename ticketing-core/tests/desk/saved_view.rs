//! Views: who sees and changes them, whose they are, what every desk begins with, what they hold and how many.

use crate::house::{House, code, fields, id, key, person};
use chrono::TimeDelta;
use serde_json::{Value, json};
use ticketing_core::desk::{
    MemberPatch, NewComment, NewCustomField, NewMember, NewSavedView, NewTeam, NewTicket, Requester, SavedViewPatch,
    SavedViewView, TeamPatch, TicketList, UserPatch,
};
use ticketing_core::ids::{TeamId, ViewId};
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::{BuiltInView, FieldType, Role, Sharing, TeamRole};
use ticketing_core::query::AuditQuery;
use ticketing_core::query::{Sort, SortField};
use ticketing_core::{Actor, Desk, Error};

fn new(body: Value) -> NewSavedView {
    NewSavedView::from_json(body).unwrap()
}

fn patch(body: Value) -> SavedViewPatch {
    SavedViewPatch::from_json(body).unwrap()
}

/// A view of all tickets.
fn shared(visibility: &str, team: Option<TeamId>) -> NewSavedView {
    new(json!({"name": "Everything", "visibility": visibility, "team_id": team, "conditions": []}))
}

async fn make(desk: &Desk, actor: &Actor, view: NewSavedView) -> SavedViewView {
    desk.create_saved_view(actor, view).await.unwrap()
}

/// The names of the views that are made, as the actor sees them.
async fn seen(desk: &Desk, actor: &Actor) -> Vec<ViewId> {
    let views = desk.saved_views(actor, true).await.unwrap();
    views.into_iter().filter(|view| view.key.is_none()).map(|view| view.id).collect()
}

/// How many tickets a built-in view holds.
async fn count(desk: &Desk, actor: &Actor, view: ViewId) -> Option<usize> {
    let counts = desk.saved_view_counts(actor).await.unwrap();
    counts.into_iter().find(|count| count.view_id == view).expect("it is counted").count
}

#[tokio::test]
async fn each_sees_and_changes_what_is_theirs() {
    let house = House::new().await;
    let desk = &house.desk;
    // Amy leads billing; Meg is a member of it.
    let meg = person(desk, Role::Agent, "meg", None).await;
    let member = NewMember::new(id(&meg), TeamRole::Member);
    desk.add_member(&house.system, house.billing, member).await.unwrap();
    let meg = desk.actor_of(id(&meg), None).await.unwrap();
    let (lead, outsider, manager, admin) = (&house.agent, &house.outsider, &house.manager, &house.admin);
    let all = make(desk, manager, shared("all", None)).await;
    let team = make(desk, lead, shared("team", Some(house.billing))).await;
    let own = make(desk, &meg, shared("private", None)).await;
    assert_eq!(own.sharing, Sharing::Private(id(&meg)));
    // Who sees which, and who may change which.
    let cases = [
        (&meg, vec![all.id, team.id, own.id], vec![own.id]),
        (lead, vec![all.id, team.id], vec![team.id]),
        (outsider, vec![all.id], vec![]),
        (manager, vec![all.id, team.id], vec![all.id, team.id]),
        (admin, vec![all.id, team.id], vec![all.id, team.id]),
        (&house.system, vec![all.id, team.id], vec![all.id, team.id]),
    ];
    for (actor, mut visible, writable) in cases {
        let mut found = seen(desk, actor).await;
        found.sort_unstable();
        visible.sort_unstable();
        assert_eq!(found, visible, "{:?}", actor.person().name);
        for view in [&all, &team, &own] {
            let wanted = match (visible.contains(&view.id), writable.contains(&view.id)) {
                (false, _) => Some("not_found"),
                (true, false) => Some("forbidden"),
                (true, true) => None,
            };
            let who = (actor.person().name, view.sharing);
            let told = |answer: Result<(), Error>| answer.err().map(|error| error.code());
            let shown = told(desk.saved_view(actor, view.id).await.map(drop));
            assert_eq!(shown, wanted.filter(|code| *code == "not_found"), "{who:?} reads");
            assert_eq!(told(desk.read_view(actor, view.id).await.map(drop)), shown, "{who:?} lists");
            let same = patch(json!({"name": "Everything"}));
            let changed = desk.update_saved_view(actor, view.id, same, None).await;
            assert_eq!(told(changed.map(drop)), wanted, "{who:?} changes");
            if wanted.is_some() {
                assert_eq!(told(desk.delete_saved_view(actor, view.id, None).await), wanted, "{who:?} deletes");
            }
        }
    }
    for customer in [&house.customer, &house.stranger] {
        assert_eq!(code(desk.saved_views(customer, false).await), "forbidden");
        assert_eq!(code(desk.saved_view(customer, all.id).await), "forbidden");
        assert_eq!(code(desk.read_view(customer, all.id).await), "forbidden");
        assert_eq!(code(desk.saved_view_counts(customer).await), "forbidden");
        assert_eq!(code(desk.create_saved_view(customer, shared("private", None)).await), "forbidden");
        assert_eq!(code(desk.update_saved_view(customer, all.id, patch(json!({})), None).await), "forbidden");
        assert_eq!(code(desk.delete_saved_view(customer, BuiltInView::Mine.id(), None).await), "forbidden");
    }
    // Nobody shares with more than they answer for.
    for (actor, visibility, team, wanted) in [
        (&meg, "all", None, Some("forbidden")),
        (&meg, "team", Some(house.billing), Some("forbidden")),
        (lead, "all", None, Some("forbidden")),
        (outsider, "team", Some(house.billing), Some("forbidden")),
        (manager, "team", Some(house.billing), None),
        (&house.system, "private", None, Some("forbidden")),
    ] {
        let answer = desk.create_saved_view(actor, shared(visibility, team)).await;
        assert_eq!(answer.err().map(|error| error.code()), wanted, "{} {visibility}", actor.person().name);
    }
}

#[tokio::test]
async fn a_view_keeps_its_id_when_it_changes_hands() {
    let house = House::new().await;
    let (desk, lead, manager) = (&house.desk, &house.agent, &house.manager);
    let view = make(desk, lead, shared("private", None)).await;
    let store = desk.store();
    let version = store.settings_version().await.unwrap();
    let to = |visibility: &str, team: Option<TeamId>| patch(json!({"visibility": visibility, "team_id": team}));
    let renamed = desk.update_saved_view(lead, view.id, patch(json!({"name": "Mine"})), Some(1)).await.unwrap();
    assert_eq!(
        (renamed.version, store.settings_version().await.unwrap()),
        (2, version),
        "what is private bumps nothing"
    );
    assert_eq!(code(desk.update_saved_view(lead, view.id, to("all", None), None).await), "forbidden");
    let team = desk.update_saved_view(lead, view.id, to("team", Some(house.billing)), Some(2)).await.unwrap();
    assert_eq!((team.id, team.version, team.sharing), (view.id, 3, Sharing::Team(house.billing)));
    assert_eq!(store.settings_version().await.unwrap(), version + 1);
    assert!(seen(desk, manager).await.contains(&view.id));
    let all = desk.update_saved_view(manager, view.id, to("all", None), Some(3)).await.unwrap();
    assert_eq!((all.version, all.sharing), (4, Sharing::All));
    assert!(seen(desk, &house.outsider).await.contains(&view.id));
    assert_eq!(code(desk.update_saved_view(lead, view.id, to("private", None), None).await), "forbidden");
    let own = desk.update_saved_view(manager, view.id, to("private", None), Some(4)).await.unwrap();
    assert_eq!((own.version, own.sharing), (5, Sharing::Private(id(manager))));
    assert_eq!(store.settings_version().await.unwrap(), version + 3, "it left what all share");
    for actor in [lead, &house.admin, &house.outsider] {
        assert_eq!(code(desk.saved_view(actor, view.id).await), "not_found");
        assert!(!seen(desk, actor).await.contains(&view.id));
    }
    assert_eq!(desk.saved_view(manager, view.id).await.unwrap().version, 5);
    desk.delete_saved_view(manager, view.id, Some(5)).await.unwrap();
    assert_eq!(code(desk.saved_view(manager, view.id).await), "not_found");
    let page = desk.audit(&house.admin, AuditQuery { limit: 50, ..AuditQuery::default() }).await.unwrap();
    let told: Vec<_> =
        page.items.iter().map(|line| line.action.as_str()).filter(|it| it.starts_with("view.")).collect();
    assert_eq!(told, ["view.deleted", "view.updated", "view.updated", "view.updated", "view.updated", "view.created"]);
}

#[tokio::test]
async fn what_is_said_of_sharing_must_fit() {
    let house = House::new().await;
    let (desk, manager) = (&house.desk, &house.manager);
    let refused = async |body: Value| fields(NewSavedView::from_json(body).map(drop));
    let view = |visibility: Value, team: Value| json!({"name": "x", "conditions": [], "visibility": visibility, "team_id": team});
    assert_eq!(refused(json!({})).await, ["name", "visibility", "conditions"]);
    assert_eq!(refused(view(json!("public"), Value::Null)).await, ["visibility"]);
    let check = async |visibility: &str, team: Value| match NewSavedView::from_json(view(json!(visibility), team)) {
        Ok(input) => fields(desk.create_saved_view(manager, input).await),
        refused => fields(refused),
    };
    assert_eq!(check("team", Value::Null).await, ["team_id"]);
    assert_eq!(check("all", json!(house.billing)).await, ["team_id"]);
    assert_eq!(check("team", json!(house.acme)).await, ["team_id"], "no such team");
    let all = make(desk, manager, shared("all", None)).await;
    for wrong in [
        json!({"team_id": house.billing}),
        json!({"visibility": "team"}),
        json!({"visibility": "team", "team_id": null}),
    ] {
        let refused = match SavedViewPatch::from_json(wrong) {
            Ok(input) => fields(desk.update_saved_view(manager, all.id, input, None).await),
            refused => fields(refused),
        };
        assert_eq!(refused, ["team_id"]);
    }
    let team = make(desk, manager, shared("team", Some(house.billing))).await;
    let other = desk.create_team(manager, NewTeam::new("Other")).await.unwrap().id;
    let moved = desk.update_saved_view(manager, team.id, patch(json!({"team_id": other})), None).await.unwrap();
    assert_eq!(moved.sharing, Sharing::Team(other), "a team's view may go to another");
    assert_eq!(
        fields(desk.update_saved_view(manager, team.id, patch(json!({"team_id": null})), None).await),
        ["team_id"]
    );
}

#[tokio::test]
async fn there_is_room_for_some() {
    let house = House::new().await;
    let (desk, agent) = (&house.desk, &house.agent);
    for _ in 0..50 {
        make(desk, agent, shared("private", None)).await;
    }
    assert_eq!(code(desk.create_saved_view(agent, shared("private", None)).await), "too_many");
    make(desk, agent, shared("team", Some(house.billing))).await;
    make(desk, &house.outsider, shared("private", None)).await;
    let mut last = None;
    // Six are there, and the team's.
    for _ in 0..193 {
        last = Some(make(desk, &house.manager, shared("all", None)).await.id);
    }
    assert_eq!(code(desk.create_saved_view(&house.manager, shared("all", None)).await), "too_many");
    let own = desk.saved_views(agent, false).await.unwrap().into_iter().find(|view| view.sharing.owner().is_some());
    let share = patch(json!({"visibility": "team", "team_id": house.billing}));
    assert_eq!(code(desk.update_saved_view(agent, own.unwrap().id, share, None).await), "too_many");
    desk.delete_saved_view(&house.manager, last.unwrap(), None).await.unwrap();
    make(desk, &house.manager, shared("all", None)).await;
}

#[tokio::test]
async fn a_team_or_a_person_that_is_no_longer_active_loses_nothing() {
    let house = House::new().await;
    let (desk, lead, manager) = (&house.desk, &house.agent, &house.manager);
    let team = make(desk, lead, shared("team", Some(house.billing))).await;
    let own = make(desk, lead, shared("private", None)).await;
    // No ticket names it, but a view does.
    desk.delete_team(manager, house.billing, None).await.unwrap();
    assert!(!desk.team(manager, house.billing).await.unwrap().is_active);
    assert_eq!(code(desk.saved_view(lead, team.id).await), "not_found");
    assert_eq!(code(desk.update_saved_view(lead, team.id, patch(json!({"name": "x"})), None).await), "not_found");
    let renamed = desk.update_saved_view(manager, team.id, patch(json!({"name": "Left"})), None).await.unwrap();
    assert_eq!(renamed.sharing, Sharing::Team(house.billing));
    assert_eq!(fields(desk.create_saved_view(manager, shared("team", Some(house.billing))).await), ["team_id"]);
    let back = TeamPatch { is_active: Patch::Set(true), ..TeamPatch::default() };
    desk.update_team(manager, house.billing, back, None).await.unwrap();
    assert_eq!(desk.saved_view(lead, team.id).await.unwrap().name, "Left");
    let plain = MemberPatch { role: Patch::Set(TeamRole::Member), ..MemberPatch::default() };
    desk.update_member(manager, house.billing, id(lead), plain, None).await.unwrap();
    assert_eq!(code(desk.delete_saved_view(lead, team.id, None).await), "forbidden", "a lead no more");
    for is_active in [false, true] {
        let change = UserPatch { is_active: Patch::Set(is_active), ..UserPatch::default() };
        desk.update_user(&house.admin, id(lead), change, None).await.unwrap();
    }
    let lead = desk.actor_of(id(lead), None).await.unwrap();
    assert_eq!(desk.saved_view(&lead, own.id).await.unwrap(), own);
}

#[tokio::test]
async fn a_desk_begins_with_views_that_can_be_put_away() {
    let house = House::new().await;
    let (desk, agent, manager) = (&house.desk, &house.agent, &house.manager);
    let views = desk.saved_views(agent, false).await.unwrap();
    let keys: Vec<_> = views.iter().filter_map(|view| view.key).collect();
    assert_eq!(keys, BuiltInView::ALL);
    assert!(views.iter().all(|view| view.version == 0 && !view.is_renamed && view.updated_at.is_none()));
    let open = BuiltInView::Open.id();
    assert_eq!(code(desk.update_saved_view(agent, open, patch(json!({"name": "x"})), None).await), "forbidden");
    assert_eq!(
        code(desk.update_saved_view(manager, open, patch(json!({"name": "x"})), Some(1)).await),
        "stale_version"
    );
    let all = patch(json!({"name": "Everything open"}));
    let renamed = desk.update_saved_view(manager, open, all, Some(0)).await.unwrap();
    assert_eq!((renamed.id, renamed.version, renamed.is_renamed), (open, 1, true));
    assert_eq!(renamed.key, Some(BuiltInView::Open));
    assert_eq!(desk.saved_views(agent, false).await.unwrap().len(), 6);
    for visibility in [json!({"visibility": "private"}), json!({"visibility": "team", "team_id": house.billing})] {
        let refused = desk.update_saved_view(manager, open, patch(visibility), None).await;
        assert_eq!(fields(refused), ["visibility"]);
    }
    // Put away, it is there for those alone who may bring it back, and only where they ask for such.
    desk.delete_saved_view(manager, open, Some(1)).await.unwrap();
    desk.delete_saved_view(manager, BuiltInView::Mine.id(), None).await.unwrap();
    for (actor, hidden, many) in [(agent, false, 4), (agent, true, 4), (manager, false, 4), (manager, true, 6)] {
        assert_eq!(desk.saved_views(actor, hidden).await.unwrap().len(), many);
    }
    assert_eq!(desk.saved_view_counts(manager).await.unwrap().len(), 4);
    assert_eq!(code(desk.saved_view(agent, open).await), "not_found");
    assert!(desk.saved_view(manager, open).await.unwrap().is_hidden);
    let back = patch(json!({"is_hidden": false, "name": "All open"}));
    let shown = desk.update_saved_view(manager, open, back, Some(2)).await.unwrap();
    assert_eq!((shown.version, shown.is_hidden, shown.is_renamed), (3, false, false));
    assert_eq!(desk.saved_views(agent, false).await.unwrap().len(), 5);
    let made = make(desk, manager, shared("all", None)).await;
    assert!(made.position > shown.position, "behind all others");
    let refused = desk.update_saved_view(manager, made.id, patch(json!({"is_hidden": true})), None).await;
    assert_eq!(fields(refused), ["is_hidden"]);
}

/// The subjects of a view's tickets.
async fn subjects(desk: &Desk, actor: &Actor, view: ViewId) -> Vec<String> {
    let read = desk.read_view(actor, view).await.unwrap();
    let list = TicketList { filter: read.filter, sort: read.sort, ..TicketList::default() };
    let page = desk.tickets(actor, list).await.unwrap();
    page.items.iter().map(|ticket| ticket.public().subject.clone()).collect()
}

async fn ticket(house: &House, subject: &str, agent: Option<&Actor>, team: Option<TeamId>) {
    let new = NewTicket {
        requester: Requester::User(id(&house.customer)),
        assigned_agent_id: agent.map(id),
        team_id: team,
        ..NewTicket::new(subject, "x")
    };
    house.desk.create_ticket(&house.manager, new).await.unwrap();
    house.clock.advance(TimeDelta::seconds(1));
}

#[tokio::test]
async fn a_shared_view_is_everybodys_own() {
    let house = House::new().await;
    let (desk, amy, otto, max) = (&house.desk, &house.agent, &house.outsider, &house.manager);
    ticket(&house, "amy's", Some(amy), Some(house.billing)).await;
    ticket(&house, "otto's", Some(otto), None).await;
    ticket(&house, "billing's", None, Some(house.billing)).await;
    let mine = BuiltInView::Mine.id();
    assert_eq!(subjects(desk, amy, mine).await, ["amy's"]);
    assert_eq!(subjects(desk, otto, mine).await, ["otto's"]);
    assert!(subjects(desk, max, mine).await.is_empty() && subjects(desk, &house.system, mine).await.is_empty());
    assert_eq!(subjects(desk, otto, BuiltInView::Open.id()).await, ["otto's"], "as far as one sees");
    assert_eq!(subjects(desk, max, BuiltInView::Recent.id()).await, ["billing's", "otto's", "amy's"]);
    assert_eq!(subjects(desk, max, BuiltInView::Unassigned.id()).await, ["billing's"]);
    let teams = json!({"name": "Our teams", "visibility": "all", "match": "any", "sort": "created_at", "conditions": [
        {"field": "team_id", "operator": "equals", "value": "my_teams"},
        {"field": "subject", "operator": "contains", "value": "otto"},
    ]});
    let teams = make(desk, max, new(teams)).await;
    assert_eq!(subjects(desk, amy, teams.id).await, ["amy's", "otto's", "billing's"], "one or the other");
    assert_eq!(subjects(desk, max, teams.id).await, ["otto's"]);
    for (actor, view, many) in [(amy, mine, 1), (otto, mine, 1), (max, mine, 0), (amy, teams.id, 3), (max, teams.id, 1)]
    {
        assert_eq!(count(desk, actor, view).await, Some(many), "{} {view}", actor.person().name);
    }
}

#[tokio::test]
async fn conditions_and_columns_are_checked_when_they_are_saved() {
    let house = House::new().await;
    let (desk, max) = (&house.desk, &house.manager);
    let view = |more: Value| {
        let mut body = json!({"name": "x", "visibility": "all", "conditions": []});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let errors = async |more: Value| match NewSavedView::from_json(view(more)) {
        Ok(input) => fields(desk.create_saved_view(max, input).await),
        refused => fields(refused),
    };
    let fine = json!({"field": "status", "operator": "equals", "value": "open"});
    let wrong = json!({"field": "team_id", "operator": "equals", "value": "me"});
    assert_eq!(errors(json!({"conditions": [fine, wrong]})).await, ["conditions[1].value"]);
    let matches = json!([{"field": "subject", "operator": "matches", "value": "x"}]);
    assert_eq!(errors(json!({"conditions": matches})).await, ["conditions[0].operator"]);
    assert_eq!(errors(json!({"columns": ["status", "color", "custom_fields.plan"]})).await, ["columns[1]"]);
    assert_eq!(errors(json!({"columns": ["custom_fields.plan"]})).await, ["columns[0]"]);
    assert_eq!(errors(json!({"columns": ["status", "status"]})).await, ["columns[1]"]);
    assert_eq!(errors(json!({"icon": "A b", "position": -1})).await, ["position", "icon"]);
    let sorted = |by: &str| json!({"sort": by, "columns": ["custom_fields.size"]});
    assert_eq!(errors(sorted("subject")).await, ["columns[0]", "sort"]);
    assert_eq!(errors(sorted("-custom_fields.size")).await, ["columns[0]", "sort"]);
    let size = NewCustomField::new("size", "Size", FieldType::Number);
    let size = desk.create_custom_field(&house.admin, size).await.unwrap();
    let by_size = make(desk, max, new(view(sorted("-custom_fields.size")))).await;
    assert_eq!(by_size.sort.as_deref(), Some("-custom_fields.size"));
    let order = desk.read_view(max, by_size.id).await.unwrap().sort;
    let key = "size".parse().unwrap();
    assert_eq!(order, Sort { field: SortField::Custom(key, FieldType::Number), descending: true });
    desk.update_saved_view(max, by_size.id, patch(json!({"columns": []})), None).await.unwrap();
    desk.delete_custom_field(&house.admin, size.id, None).await.unwrap();
    assert!(!desk.custom_field(max, size.id).await.unwrap().is_active, "a shared view is sorted by it");
    assert_eq!(errors(json!({"is_hidden": true})).await, ["is_hidden"]);
    let plan = NewCustomField::new("plan", "Plan", FieldType::Text);
    let field = desk.create_custom_field(&house.admin, plan).await.unwrap();
    let asks = json!([{"field": "custom_fields.plan", "operator": "equals", "value": "gold"}]);
    let asking = make(desk, max, new(view(json!({"conditions": asks})))).await;
    let own = new(json!({"name": "x", "visibility": "private", "conditions": asks, "columns": ["custom_fields.plan"]}));
    let own = make(desk, max, own).await;
    // While a view that is shared asks for it, the field stays; one that is private is told that it is gone.
    desk.delete_custom_field(&house.admin, field.id, None).await.unwrap();
    assert!(!desk.custom_field(max, field.id).await.unwrap().is_active);
    let other = patch(json!({"conditions": [], "columns": ["custom_fields.plan"]}));
    desk.update_saved_view(max, asking.id, other, None).await.unwrap();
    desk.delete_custom_field(&house.admin, field.id, None).await.unwrap();
    assert!(desk.custom_field(max, field.id).await.is_ok(), "it is shown");
    desk.delete_saved_view(max, asking.id, None).await.unwrap();
    desk.delete_custom_field(&house.admin, field.id, None).await.unwrap();
    assert_eq!(code(desk.custom_field(max, field.id).await), "not_found");
    assert!(desk.saved_view(max, own.id).await.unwrap().is_broken);
    assert_eq!(code(desk.read_view(max, own.id).await), "view_broken");
    assert_eq!(count(desk, max, own.id).await, None);
    let renamed = desk.update_saved_view(max, own.id, patch(json!({"name": "Old"})), None).await.unwrap();
    assert_eq!(renamed.name, "Old", "what was let in once is no reason to refuse another change");
}

#[tokio::test]
async fn counts_are_told_again_for_a_while_and_anew_to_whoever_changed_something() {
    let house = House::new().await;
    let (desk, amy, otto, max) = (&house.desk, &house.agent, &house.outsider, &house.manager);
    let recent = BuiltInView::Recent.id();
    for actor in [amy, otto, max] {
        assert_eq!(count(desk, actor, recent).await, Some(0));
    }
    let new = NewTicket { requester: Requester::User(id(&house.customer)), ..NewTicket::new("one", "x") };
    let made = desk.create_ticket(max, new).await.unwrap();
    assert_eq!(count(desk, max, recent).await, Some(1), "what one did oneself is counted");
    assert_eq!(count(desk, &house.admin, recent).await, Some(1), "who sees the same is told the same");
    assert_eq!(count(desk, amy, recent).await, Some(0), "what others did, a little later");
    house.clock.advance(TimeDelta::seconds(5));
    assert_eq!(count(desk, amy, recent).await, Some(1));
    // Where nothing happens nothing is counted anew, but that time passes.
    let waiting = json!({"name": "x", "visibility": "private", "conditions": [
        {"field": "created_at", "operator": "less_than", "value": "now-20s"}]});
    let waiting = make(desk, otto, NewSavedView::from_json(waiting).unwrap()).await.id;
    assert_eq!(count(desk, otto, waiting).await, Some(0));
    house.clock.advance(TimeDelta::seconds(29));
    assert_eq!(count(desk, otto, waiting).await, Some(0));
    house.clock.advance(TimeDelta::seconds(1));
    assert_eq!(count(desk, otto, waiting).await, Some(1));
    desk.add_comment(amy, &key(&made), NewComment::public("Hello")).await.unwrap();
    assert_eq!(count(desk, otto, waiting).await, Some(1));
}
