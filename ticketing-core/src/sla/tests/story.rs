//! What a ticket's story tells is what its clocks say.

use super::*;
use proptest::prelude::*;

#[test]
fn time_before_there_was_a_policy_is_told_as_it_counted_when_one_came() {
    let conditions = json!([{ "field": "tags", "operator": "contains", "value": "gold" }]);
    let scene = || {
        let mut scene = Scene::new("2026-03-02T08:00:00Z", json!({ "conditions": conditions }));
        scene.status("2026-03-02T09:00:00Z", Status::Pending);
        scene
    };
    let paused = || Why::Paused { status: Status::Pending };
    // While nothing was promised, nothing was paused; the answer ends the clock.
    let mut open = scene();
    open.status("2026-03-02T09:30:00Z", Status::Open);
    open.change(at("2026-03-02T10:00:00Z"), None, |ticket| ticket.tags.push("gold".to_owned()));
    open.change(at("2026-03-02T10:30:00Z"), Some(Said::Staff), |_| ());
    assert_eq!(open.told(SlaMetric::FirstResponse, "2026-03-02T11:00:00Z"), [(Why::Counted, 150)]);
    assert_eq!(open.told(SlaMetric::Resolution, "2026-03-02T11:00:00Z"), [(Why::Counted, 180)]);
    open.status("2026-03-02T11:00:00Z", Status::Pending);
    assert_eq!(open.told(SlaMetric::Resolution, "2026-03-02T12:00:00Z"), [(Why::Counted, 180), (paused(), 60)]);
    // What it waited for when the policy came had not counted.
    let mut waiting = scene();
    waiting.change(at("2026-03-02T10:00:00Z"), None, |ticket| ticket.tags.push("gold".to_owned()));
    waiting.status("2026-03-02T11:00:00Z", Status::Open);
    let told = waiting.told(SlaMetric::Resolution, "2026-03-02T12:00:00Z");
    assert_eq!(told, [(Why::Counted, 60), (paused(), 60), (paused(), 60), (Why::Counted, 60)]);
    assert_eq!(waiting.story(at("2026-03-02T12:00:00Z"))[1].spent_seconds, 2 * 3_600);
}

#[test]
fn a_ticket_that_is_planned_anew_says_so_in_its_story() {
    let edited = |version, saved_at, pause_on: Value| policy(version, saved_at, json!({ "pause_on": pause_on }));
    let paused = || Why::Paused { status: Status::Pending };
    let mut scene = Scene::new("2026-03-02T08:00:00Z", json!({}));
    scene.status("2026-03-02T09:00:00Z", Status::Pending);
    // Waiting counts from ten on; no event of the ticket says so, and neither does one that comes later.
    scene.replan("2026-03-02T10:00:00Z", edited(2, "2026-03-02T09:59:00Z", json!([])));
    let told = vec![(Why::Counted, 60), (paused(), 60), (Why::Counted, 60)];
    assert_eq!(scene.told(SlaMetric::Resolution, "2026-03-02T11:00:00Z"), told);
    assert_eq!(scene.sla().paused_since, None);
    scene.change(at("2026-03-02T11:00:00Z"), None, |ticket| ticket.tags.push("seen".to_owned()));
    assert_eq!(scene.told(SlaMetric::Resolution, "2026-03-02T11:00:00Z"), told);
    // It pauses again from twelve on, also where the ticket was planned anew only later.
    scene.replan("2026-03-02T12:01:00Z", edited(3, "2026-03-02T12:00:00Z", json!(["pending"])));
    assert_eq!(scene.sla().paused_since, Some(at("2026-03-02T12:00:00Z")));
    let told = vec![(Why::Counted, 60), (paused(), 60), (Why::Counted, 120), (paused(), 60)];
    assert_eq!(scene.told(SlaMetric::Resolution, "2026-03-02T13:00:00Z"), told);
    assert_eq!(scene.story(at("2026-03-02T13:00:00Z")).last().unwrap().spent_seconds, 3 * 3_600);
    // Two plans between two events are both known; what an event has told is forgotten with the next.
    scene.replan("2026-03-02T13:00:00Z", edited(4, "2026-03-02T13:00:00Z", json!([])));
    assert_eq!(scene.sla().replans.len(), 2);
    for (minute, plans) in [(0, 2), (1, 0)] {
        scene.change(at("2026-03-02T14:00:00Z") + TimeDelta::minutes(minute), None, |_| ());
        assert_eq!(scene.sla().replans.len(), plans);
    }
    let told = vec![(Why::Counted, 60), (paused(), 60), (Why::Counted, 120), (paused(), 60), (Why::Counted, 120)];
    assert_eq!(scene.told(SlaMetric::Resolution, "2026-03-02T15:00:00Z"), told);
    // However often it is planned anew, only so many plans are kept.
    for version in 5..20 {
        scene.replan("2026-03-02T15:00:00Z", edited(version, "2026-03-02T15:00:00Z", json!([])));
    }
    assert_eq!(scene.sla().replans.len(), 8);
}

#[test]
fn of_very_many_stretches_the_newest_are_told_and_it_says_so() {
    let mut scene = Scene::new("2026-03-02T08:00:00Z", json!({}));
    let mut turn = |times: i64| {
        for time in 1..=times {
            let status = if time % 2 == 0 { Status::Open } else { Status::Pending };
            let now = scene.ticket.updated_at + TimeDelta::seconds(10);
            scene.change(now, None, |ticket| (ticket.status, ticket.updated_at) = (status, now));
        }
        let now = scene.ticket.updated_at + TimeDelta::seconds(10);
        let resolution = scene.story(now).pop().unwrap();
        (resolution.stretches.len(), resolution.is_cut, resolution.stretches.last().unwrap().to == now)
    };
    assert_eq!(turn(998), (999, false, true));
    assert_eq!(turn(2), (1_000, true, true));
}

/// What somebody does to a ticket.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Status(Status),
    Priority(Priority),
    Said(Said),
    Tag,
    /// The policy is edited, or is gone.
    Policy(Option<&'static str>),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        prop::sample::select(Status::ALL).prop_map(Deed::Status),
        prop::sample::select(Priority::ALL).prop_map(Deed::Priority),
        prop_oneof![Just(Said::Customer), Just(Said::Staff)].prop_map(Deed::Said),
        Just(Deed::Tag),
        prop::sample::select(vec![None, Some("pending"), Some("on_hold"), Some("open")]).prop_map(Deed::Policy),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// The stretches of a story that count are what the clock says has counted; nothing overlaps and nothing is left
    /// out; and each metric and period is broken at most once.
    #[test]
    fn the_story_is_the_clock(deeds in prop::collection::vec((1_i64..200_000, deed()), 0..25)) {
        let policy_of = |pauses: &str| json!({ "warn_before": "10m", "pause_on": ["pending", pauses], "targets": {
            "low": { "first_response": "10h", "next_response": "8h", "resolution": "90h" },
            "medium": { "first_response": "1h", "next_response": "2h", "resolution": "9h" },
            "high": { "first_response": "30m", "next_response": "1h", "resolution": "4h", "working_time": false },
        } });
        let mut scene = Scene::new("2026-03-26T10:00:00Z", policy_of("on_hold"));
        let mut version = 1;
        let mut now = scene.ticket.created_at;
        let mut told = std::collections::HashSet::new();
        for (pause, deed) in deeds {
            now += TimeDelta::seconds(pause);
            if let Deed::Policy(edit) = deed {
                version += 1;
                let edited = edit.map(|pauses| policy(version, &now.to_rfc3339(), policy_of(pauses)));
                scene.policies = SlaPolicies::new(edited.into_iter().collect(), &CustomFields::default());
                // What is over is told first.
                let is_untold = scene.sla().wake_at().is_some_and(|at| at <= now);
                if scene.ticket.is_open() && !is_untold && scene.sla().replans.len() < 8 {
                    scene.ticket.sla = replan(&scene.ticket, &scene.policies, &scene.calendars, now).map(Box::new);
                    continue;
                }
            }
            let said = if let Deed::Said(said) = deed { Some(said) } else { None };
            let struck = scene.change(now, said, |ticket| match deed {
                Deed::Status(status) => ticket.status = status,
                Deed::Priority(priority) => ticket.priority = priority,
                Deed::Said(_) | Deed::Policy(_) => (),
                Deed::Tag => ticket.tags.push("x".to_owned()),
            });
            for one in struck {
                prop_assert!(told.insert((one.metric, one.started_at, one.is_breach)), "{one:?} twice");
            }
            if !scene.ticket.is_open() {
                prop_assert_eq!(scene.ticket.sla_due_at(), None);
            }
        }
        now += TimeDelta::seconds(3_600);
        for clock in scene.story(now) {
            let sum = clock.stretches.iter().fold(TimeDelta::zero(), |sum, stretch| sum + stretch.counted());
            if clock.stretches.len() < MOST_STRETCHES {
                prop_assert_eq!(sum.num_seconds(), clock.spent_seconds, "{:#?}", clock);
            }
            for pair in clock.stretches.windows(2) {
                prop_assert_eq!(pair[0].to, pair[1].from);
            }
        }
    }
}
