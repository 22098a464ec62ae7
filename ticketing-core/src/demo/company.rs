//! Who is on the desk and who writes to it: Fjordrad, a maker of connected e-bikes, and its customers.

use super::DemoOptions;
use super::dice::{Dice, moment};
use super::house::House;
use super::name::{NAMES, ascii};
use super::rhythm::{DAY, MINUTE, Rhythm, SMALL, part_of};
use super::scenario::{FLEET, ORDERS, RIDERS, WORKSHOP};
use super::text::LANGUAGES;
use crate::ids::{OrganizationId, TeamId, UserId};
use crate::model::{Availability, Membership, Organization, Person, Role, Routing, Team, TeamRole, User};
use crate::port::IdSource;
use crate::time::Time;
use std::collections::HashSet;

/// The company that runs the desk.
pub(super) const COMPANY: &str = "Fjordrad";
/// What its desk calls itself.
pub(super) const PROFILE: &str = "Fjordrad Support";
const DOMAIN: &str = "fjordrad.example";

/// Somebody on the desk.
pub(super) struct Member {
    pub user: User,
    pub person: Person,
    pub given: String,
    /// Places in the list of teams, with what the person is there.
    pub teams: Vec<(usize, TeamRole)>,
    pub ip: String,
}

/// A team and who is in it.
pub(super) struct Queue {
    pub team: Team,
    /// Places in the list of staff; the lead comes first.
    pub members: Vec<usize>,
}

/// Somebody who writes to the desk.
pub(super) struct Customer {
    pub user: User,
    pub person: Person,
    pub given: &'static str,
    pub language: usize,
    /// A place in the list of organizations.
    pub organization: Option<usize>,
    pub ip: String,
}

/// Everybody.
pub(super) struct Company {
    pub staff: Vec<Member>,
    pub teams: Vec<Queue>,
    pub organizations: Vec<Organization>,
    pub customers: Vec<Customer>,
    /// Customers of each language, in the order in which they came.
    pub speakers: Vec<Vec<usize>>,
    pub rhythm: Rhythm,
    /// What a small desk has set up; a large one, made for measurements, has nothing.
    pub house: Option<House>,
    /// When the company moved in.
    pub founded: Time,
}

/// The places of the administrator and the manager in the list of staff.
pub(super) const ADMIN: usize = 0;
pub(super) const MANAGER: usize = 1;
/// The lead of the first team and of the workshop.
pub(super) const FIRST_LEAD: usize = 2;
pub(super) const WORKSHOP_LEAD: usize = 6;

const TEAMS: [(&str, &str); 4] = [
    ("Rider Support", "First line: accounts, the app, privacy, theft, and everything that fits nowhere else."),
    ("Workshop", "Hardware and firmware: batteries, displays, brakes, recalls."),
    ("Orders & Billing", "Orders, deliveries, invoices, refunds."),
    ("Fleet & API", "Companies with many bikes: hubs, trackers, the API, single sign-on."),
];

/// How many open tickets there is room for with each member of the team that gives its tickets to its members by itself.
const ROOM: i32 = 40;

type Place = (usize, TeamRole);
const STAFF: [(&str, &str, Role, &[Place]); 16] = [
    ("Ingrid", "Solberg", Role::Admin, &[]),
    ("Tomas", "Rivera", Role::Manager, &[(RIDERS, TeamRole::Manager)]),
    ("Amelie", "Brandt", Role::Agent, &[(RIDERS, TeamRole::Lead)]),
    ("Jonas", "Kettler", Role::Agent, &[(RIDERS, TeamRole::Member), (FLEET, TeamRole::Member)]),
    ("Yuki", "Tanabe", Role::Agent, &[(RIDERS, TeamRole::Member)]),
    ("Omar", "Haddad", Role::Agent, &[(RIDERS, TeamRole::Member)]),
    ("Piotr", "Zawada", Role::Agent, &[(WORKSHOP, TeamRole::Lead)]),
    ("Lena", "Vogt", Role::Agent, &[(WORKSHOP, TeamRole::Member)]),
    ("Hugo", "Marchal", Role::Agent, &[(WORKSHOP, TeamRole::Member)]),
    ("Carla", "Nunes", Role::Agent, &[(ORDERS, TeamRole::Lead)]),
    ("Ewa", "Lis", Role::Agent, &[(ORDERS, TeamRole::Member)]),
    ("Nils", "Ekholm", Role::Agent, &[(ORDERS, TeamRole::Member)]),
    ("Priya", "Raman", Role::Agent, &[(FLEET, TeamRole::Lead)]),
    ("Daniel", "Okafor", Role::Agent, &[(FLEET, TeamRole::Member)]),
    ("Mateo", "Salas", Role::Agent, &[(FLEET, TeamRole::Member)]),
    ("Sofia", "Berg", Role::Agent, &[]),
];
/// One more agent for so many tickets.
const TICKETS_AN_AGENT: u64 = 10_000;
const MOST_MORE_AGENTS: u64 = 100;
/// One customer for so many tickets.
const TICKETS_A_CUSTOMER: u64 = 5;
const FEWEST_CUSTOMERS: u64 = 32;
const MOST_CUSTOMERS: u64 = 20_000;
const CUSTOMERS_AN_ORGANIZATION: usize = 10;
const FEWEST_ORGANIZATIONS: usize = 8;
const MOST_ORGANIZATIONS: usize = 240;

impl Company {
    /// The company of these options; the same each time.
    pub(super) fn new(options: &DemoOptions) -> Self {
        let rhythm = Rhythm::new(options.now, options.tickets);
        let dice = Dice::new(options.seed, 0, 0);
        let opening = rhythm.start() - 400 * DAY;
        let staff = staff(options, opening, &dice);
        let mut teams = teams(&staff, opening, &dice);
        if options.tickets <= SMALL {
            let routed = &mut teams[ORDERS].team;
            (routed.routing, routed.capacity) = (Routing::LeastLoaded, Some(ROOM));
        }
        let count = (options.tickets / TICKETS_A_CUSTOMER).clamp(FEWEST_CUSTOMERS, MOST_CUSTOMERS);
        let organizations = organizations(usize::try_from(count).unwrap_or_default(), opening, &dice);
        let mut company = Self {
            staff,
            teams,
            organizations: organizations.iter().map(|(organization, _)| organization.clone()).collect(),
            customers: Vec::new(),
            speakers: vec![Vec::new(); LANGUAGES.len()],
            rhythm,
            house: None,
            founded: moment(opening),
        };
        let languages: Vec<usize> = organizations.iter().map(|(_, language)| *language).collect();
        company.add_customers(count, &languages, opening, &Dice::new(options.seed, 1, 0));
        company.house = (options.tickets <= SMALL).then(|| House::new(&company, options));
        company
    }

    /// Half of the customers were there before the first ticket; the others came since.
    fn add_customers(&mut self, count: u64, organization_languages: &[usize], opening: i64, dice: &Dice) {
        let mut taken = HashSet::new();
        let settled = count / 2;
        for index in 0..count {
            let at = if index < settled {
                let span = self.rhythm.start() - opening - DAY;
                opening + i64::try_from(part_of(index, settled, 0) >> 32).unwrap_or_default() * (span >> 32)
            } else {
                self.rhythm.at(part_of(index - settled, count - settled, 0))
            };
            let language = match usize::try_from(index).unwrap_or_default() {
                // Each language has somebody from the beginning; the first is an English company's.
                early if early < LANGUAGES.len() => early,
                _ => dice.weighted(LANGUAGES.iter().map(|language| language.share)),
            };
            let organization = (index == 0 || (index != 1 && dice.chance(550))).then(|| {
                let fitting = organization_languages.iter().filter(|spoken| **spoken == language).count();
                let choice = if index == 0 { 0 } else { dice.below(fitting) };
                let mut places = organization_languages.iter().enumerate().filter(|(_, spoken)| **spoken == language);
                places.nth(choice).map_or(0, |(place, _)| place)
            });
            let customer = self.customer(index, at, language, organization, &mut taken, dice);
            self.speakers[language].push(self.customers.len());
            self.customers.push(customer);
        }
    }

    fn customer(
        &self,
        index: u64,
        at: i64,
        language: usize,
        organization: Option<usize>,
        taken: &mut HashSet<String>,
        dice: &Dice,
    ) -> Customer {
        let names = &NAMES[language];
        let (given, family) =
            if index < 2 { (0, 0) } else { (dice.below(names.given.len()), dice.below(names.family.len())) };
        let (name, address) = names.person(given, family);
        let organization_row = organization.map(|place| &self.organizations[place]);
        let domain = organization_row.map_or(names.mail, |row| row.domains.first().map_or(names.mail, String::as_str));
        let mut email = [address.as_str(), "@", domain].concat();
        let mut number = 2;
        while !taken.insert(email.clone()) {
            email = format!("{address}{number}@{domain}");
            number += 1;
        }
        let user = User {
            id: UserId(dice.uuid(moment(at))),
            email,
            name,
            role: Role::Customer,
            organization_id: organization_row.map(|row| row.id),
            time_zone: Some(LANGUAGES[language].zone.to_owned()),
            locale: Some(LANGUAGES[language].locale.to_owned()),
            availability: Availability::Online,
            availability_since: moment(at),
            is_active: true,
            version: 1,
            rights_version: 1,
            joins_by_domain: false,
            created_at: moment(at),
            updated_at: moment(at),
        };
        let ip = format!("192.0.2.{}", 1 + index % 254);
        Customer { person: Person::from(&user), user, given: names.given[given], language, organization, ip }
    }

    /// All memberships, one for each place of each member of staff.
    pub(super) fn memberships(&self) -> impl Iterator<Item = Membership> + '_ {
        self.staff.iter().flat_map(|member| {
            member.teams.iter().map(|(place, role)| Membership {
                team_id: self.teams[*place].team.id,
                user_id: member.user.id,
                role: *role,
                capacity: None,
                skills: Vec::new(),
                version: 1,
                created_at: self.founded,
            })
        })
    }
}

fn staff(options: &DemoOptions, opening: i64, dice: &Dice) -> Vec<Member> {
    let mut hiring = Hiring { opening, taken: HashSet::new(), dice };
    let mut staff: Vec<Member> = STAFF.iter().map(|row| hiring.hire(row.0, row.1, row.2, row.3.to_vec())).collect();
    let more = (options.tickets / TICKETS_AN_AGENT).min(MOST_MORE_AGENTS);
    for number in 0..usize::try_from(more).unwrap_or_default() {
        // Languages in Latin letters, so that colleagues can read each other.
        let names = &NAMES[[0, 1, 2, 3, 6, 7][dice.below(6)]];
        let teams = vec![(number % TEAMS.len(), TeamRole::Member)];
        staff.push(hiring.hire(dice.pick(names.given), dice.pick(names.family), Role::Agent, teams));
    }
    staff
}

/// Takes people in, each under an address of their own.
struct Hiring<'a> {
    opening: i64,
    taken: HashSet<String>,
    dice: &'a Dice,
}

impl Hiring<'_> {
    fn hire(&mut self, given: &str, family: &str, role: Role, teams: Vec<Place>) -> Member {
        let number = self.taken.len();
        let address = [&ascii(given), ".", &ascii(family)].concat();
        let mut email = [&address, "@", DOMAIN].concat();
        if !self.taken.insert(email.clone()) {
            email = format!("{address}{number}@{DOMAIN}");
            self.taken.insert(email.clone());
        }
        let at = moment(self.opening + i64::try_from(number).unwrap_or_default() * 7 * MINUTE);
        let availability = match number % 7 {
            3 => Availability::Away,
            5 => Availability::Offline,
            _ => Availability::Online,
        };
        let user = User {
            id: UserId(self.dice.uuid(at)),
            email,
            name: [given, " ", family].concat(),
            role,
            organization_id: None,
            time_zone: Some("Europe/Berlin".to_owned()),
            locale: Some("en-GB".to_owned()),
            availability,
            availability_since: at,
            is_active: true,
            version: 1,
            rights_version: 1,
            joins_by_domain: false,
            created_at: at,
            updated_at: at,
        };
        let ip = format!("198.51.100.{}", 10 + number % 240);
        Member { person: Person::from(&user), user, given: given.to_owned(), teams, ip }
    }
}

fn teams(staff: &[Member], opening: i64, dice: &Dice) -> Vec<Queue> {
    let row = |(place, (name, description)): (usize, &(&str, &str))| {
        let at = moment(opening + i64::try_from(place).unwrap_or_default() * MINUTE);
        let team = Team {
            id: TeamId(dice.uuid(at)),
            name: (*name).to_owned(),
            description: Some((*description).to_owned()),
            routing: Routing::Manual,
            capacity: None,
            calendar_id: None,
            is_active: true,
            version: 1,
            created_at: at,
            updated_at: at,
        };
        let works =
            |member: &Member| member.teams.iter().any(|(own, role)| *own == place && *role != TeamRole::Manager);
        let members = staff.iter().enumerate().filter(|(_, member)| works(member)).map(|(number, _)| number);
        Queue { team, members: members.collect() }
    };
    TEAMS.iter().enumerate().map(row).collect()
}

/// The companies whose people write, each with its people's language.
fn organizations(customers: usize, opening: i64, dice: &Dice) -> Vec<(Organization, usize)> {
    let count = (customers / CUSTOMERS_AN_ORGANIZATION).clamp(FEWEST_ORGANIZATIONS, MOST_ORGANIZATIONS);
    let mut of_language = vec![0; LANGUAGES.len()];
    let mut rows = Vec::with_capacity(count);
    for number in 0..count {
        let language = if number < LANGUAGES.len() {
            number
        } else {
            dice.weighted(LANGUAGES.iter().map(|language| language.share))
        };
        let Some((name, domain)) = NAMES[language].company(of_language[language]) else { continue };
        of_language[language] += 1;
        let at = moment(opening + i64::try_from(number).unwrap_or_default() * MINUTE);
        let organization = Organization {
            id: OrganizationId(dice.uuid(at)),
            name,
            domains: vec![domain],
            // The first one shares, so that a visitor can see what that means.
            shares_tickets: number == 0 || dice.chance(400),
            version: 1,
            created_at: at,
            updated_at: at,
        };
        rows.push((organization, language));
    }
    rows
}
