//! Who gets a ticket, and what is said of those who don't.

use super::*;
use crate::ids::TeamId;
use crate::model::{Role, TeamRole, User};
use crate::time::Time;
use uuid::Uuid;

const TEAM: TeamId = TeamId(Uuid::from_u128(1));

fn id(n: u128) -> UserId {
    UserId(Uuid::from_u128(100 + n))
}

/// A team of so many members, all of them free.
struct House {
    team: Team,
    staff: Vec<User>,
    members: Vec<Membership>,
    loads: Vec<MemberLoad>,
    last: Option<UserId>,
}

impl House {
    fn of(count: u128, routing: Routing) -> Self {
        let at = Time::default();
        let team = Team {
            id: TEAM,
            name: "Support".to_owned(),
            description: None,
            routing,
            capacity: None,
            calendar_id: None,
            is_active: true,
            version: 1,
            created_at: at,
            updated_at: at,
        };
        let user = |n| User {
            id: id(n),
            email: format!("{n}@example.com"),
            name: n.to_string(),
            role: Role::Agent,
            organization_id: None,
            time_zone: None,
            locale: None,
            availability: Availability::Online,
            availability_since: at,
            is_active: true,
            version: 1,
            rights_version: 1,
            joins_by_domain: false,
            created_at: at,
            updated_at: at,
        };
        let member = |n| Membership {
            team_id: TEAM,
            user_id: id(n),
            role: TeamRole::Member,
            capacity: None,
            skills: Vec::new(),
            version: 1,
            created_at: at,
        };
        let load = |n| MemberLoad {
            user_id: id(n),
            availability: Availability::Online,
            availability_since: at,
            version: 1,
            turn: 0,
            open: 0,
        };
        Self {
            team,
            staff: (0..count).map(user).collect(),
            members: (0..count).map(member).collect(),
            loads: (0..count).map(load).collect(),
            last: None,
        }
    }

    fn choose(&self, had: Option<UserId>, tags: &[&str]) -> (Option<UserId>, RoutingDetail) {
        let directory = Directory::new(self.staff.clone(), vec![self.team.clone()], self.members.clone());
        let turn = self.last.map(|last| RoutingTurn { id: TEAM.0, last: Some(last), version: 1 });
        let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
        choose(&Case { team: &self.team, directory: &directory, turn, loads: &self.loads, had, tags: &tags })
    }

    /// So many tickets come one after the other; answers who got them.
    fn take(&mut self, count: usize) -> Vec<Option<u128>> {
        (0..count)
            .map(|_| {
                let agent = self.choose(None, &[]).0?;
                self.last = Some(agent);
                self.loads.iter_mut().find(|load| load.user_id == agent)?.open += 1;
                Some(agent.0.as_u128() - 100)
            })
            .collect()
    }
}

fn standings(detail: &RoutingDetail) -> Vec<(u128, Standing)> {
    detail.candidates.iter().map(|one| (one.user_id.0.as_u128() - 100, one.standing)).collect()
}

#[test]
fn each_gets_one_in_turn() {
    let mut house = House::of(3, Routing::RoundRobin);
    assert_eq!(house.take(7), [0, 1, 2, 0, 1, 2, 0].map(Some));
    // Whoever has more to do gets one all the same.
    house.loads[1].open = 50;
    assert_eq!(house.take(1), [Some(1)]);
}

#[test]
fn a_round_goes_on_where_whoever_was_last_has_left() {
    let mut house = House::of(4, Routing::RoundRobin);
    house.last = Some(id(1));
    house.members.remove(1);
    assert_eq!(house.take(3), [2, 3, 0].map(Some));
}

#[test]
fn the_least_loaded_gets_it_and_the_first_of_several() {
    let mut house = House::of(3, Routing::LeastLoaded);
    house.loads[0].open = 2;
    assert_eq!(house.take(4), [1, 2, 1, 2].map(Some));
    assert_eq!(house.take(3), [0, 1, 2].map(Some));
    let (chosen, detail) = house.choose(None, &[]);
    assert_eq!(chosen, Some(id(0)));
    assert_eq!(standings(&detail)[1], (1, Standing::LaterInTurn));
    house.loads[1].open += 1;
    assert_eq!(standings(&house.choose(None, &[]).1)[1], (1, Standing::MoreLoaded));
}

#[test]
fn of_each_who_does_not_get_it_is_said_why() {
    let mut house = House::of(9, Routing::RoundRobin);
    house.team.capacity = Some(3);
    house.loads[0].availability = Availability::Away;
    house.loads[1].availability = Availability::Offline;
    house.staff[2].is_active = false;
    house.loads[3].open = 3;
    // The own limit wins over the team's, in both directions.
    (house.members[4].capacity, house.loads[4].open) = (Some(1), 1);
    (house.members[6].capacity, house.loads[6].open) = (Some(9), 8);
    // Nothing is known of somebody who is gone from the store.
    house.loads.remove(8);
    let (chosen, detail) = house.choose(Some(id(5)), &[]);
    assert_eq!(chosen, Some(id(6)));
    let expected = [
        (0, Standing::Away),
        (1, Standing::Offline),
        (2, Standing::Inactive),
        (3, Standing::AtCapacity),
        (4, Standing::AtCapacity),
        (5, Standing::HadIt),
        (6, Standing::Chosen),
        (7, Standing::LaterInTurn),
        (8, Standing::Inactive),
    ];
    assert_eq!(standings(&detail), expected);
    assert_eq!((detail.candidates[3].capacity, detail.candidates[6].capacity), (Some(3), Some(9)));
    assert_eq!((detail.candidates[6].open, detail.more), (8, 0));
}

#[test]
fn nobody_gets_it_where_nobody_is_free_or_the_team_takes_by_hand() {
    let mut house = House::of(2, Routing::RoundRobin);
    house.team.capacity = Some(0);
    assert_eq!(house.choose(None, &[]).0, None);
    assert_eq!(House::of(2, Routing::Manual).choose(None, &[]).0, None);
    assert_eq!(House::of(0, Routing::LeastLoaded).choose(None, &[]).0, None);
}

#[test]
fn a_label_that_is_a_skill_asks_for_somebody_who_has_it() {
    let mut house = House::of(3, Routing::RoundRobin);
    house.members[1].skills = vec!["Français".to_owned(), "vip".to_owned()];
    house.members[2].skills = vec!["billing".to_owned()];
    let (chosen, detail) = house.choose(None, &["printer", "FRANÇAIS"]);
    assert_eq!((chosen, detail.skills.as_slice()), (Some(id(1)), ["FRANÇAIS".to_owned()].as_slice()));
    assert_eq!(standings(&detail)[0], (0, Standing::LacksSkill));
    assert_eq!(house.choose(None, &["printer"]).0, Some(id(0)));
    // Nobody has both, so neither is asked for.
    let (chosen, detail) = house.choose(None, &["vip", "billing"]);
    assert_eq!((chosen, detail.skills_waived), (Some(id(0)), true));
    // Somebody who has both and is away is waited for.
    house.members[2].skills.push("VIP".to_owned());
    house.loads[2].availability = Availability::Away;
    let (chosen, detail) = house.choose(None, &["vip", "billing"]);
    assert_eq!((chosen, detail.skills_waived), (None, false));
    // What only somebody knows who left is no skill any more.
    house.staff[2].is_active = false;
    assert_eq!(house.choose(None, &["billing"]).0, Some(id(0)));
}

#[test]
fn of_many_members_the_first_are_told_and_whoever_got_it() {
    let mut house = House::of(500, Routing::LeastLoaded);
    for load in &mut house.loads[..450] {
        load.open = 1;
    }
    let (chosen, detail) = house.choose(None, &[]);
    assert_eq!(chosen, Some(id(450)));
    assert_eq!((detail.candidates.len(), detail.more), (TOLD, 300));
    assert!(detail.candidates.iter().any(|one| one.standing == Standing::Chosen && one.user_id == id(450)));
}
