//! How a ticket goes: who speaks when, what else happens meanwhile, and how it ends. What would
//! come later than now has not happened yet, so that new tickets are open and old ones are over.

use super::DemoOptions;
use super::company::{Company, Customer, MANAGER, Member, Queue};
use super::dice::{Dice, moment};
use super::field::values;
use super::prose::{Prose, Turns};
use super::rhythm::{DAY, HOUR, MINUTE, SMALL, awake, part_of, pull, staffed};
use super::scenario::{SCENARIOS, Scenario};
use super::text::LANGUAGES;
use super::text::staff::{HANDOVERS, NOTES, REASONS};
use super::thread::{Doer, Stage, Thread};
use super::ticket::new_ticket;
use crate::changes::Write;
use crate::ids::TeamId;
use crate::model::{Channel, Priority, RoutingCandidate, RoutingDetail, Standing, Status, TeamRole};
use crate::workflow::facts::{Loaded, People};

/// Microseconds of a second.
const SECOND: i64 = 1_000_000;
const STAFF_PROGRAMS: [&str; 3] = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.4 Safari/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/138.0.0.0 Safari/537.36",
];
const CUSTOMER_PROGRAMS: [&str; 3] =
    ["FjordradApp/6.2 (iOS 18.4)", "FjordradApp/6.2 (Android 15)", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"];

/// Tells ticket number `index` into the list of writes.
pub(super) fn tell(company: &Company, options: &DemoOptions, index: u64, out: &mut Vec<Write>) {
    let dice = &Dice::new(options.seed, 2, index);
    let at = company.rhythm.at(part_of(index, options.tickets, dice.next()));
    let customer = company.writer(at, options.tickets, dice);
    let business = customer.organization.is_some();
    let topic = dice.weighted(SCENARIOS.iter().map(|s| if business { s.business } else { s.private }));
    let prose = Prose::new(company, customer, topic, at, dice);
    let mut plot = Plot {
        company,
        customer,
        scenario: &SCENARIOS[topic],
        prose,
        phrases: Turns::new(dice),
        dice,
        now: options.now.timestamp_micros(),
        agent: None,
        goes_quiet: dice.chance(if options.tickets <= SMALL { 120 } else { 35 }),
        lively: options.tickets <= SMALL,
    };
    let channel = plot.channel();
    let mut ticket = new_ticket(options, index, at, channel, customer, plot.scenario, &plot.prose, dice);
    if company.house.is_some() {
        ticket.custom_fields = values(options, index, &ticket, customer, plot.scenario, &plot.prose);
    }
    let mut thread = plot.open(ticket, options, out);
    // Err says that now has come; what is told so far is the ticket as it stands.
    let _ = plot.live(&mut thread);
    thread.finish(plot.now);
}

impl Company {
    /// Who writes at this moment: more probably somebody for whom it is day.
    fn writer(&self, at: i64, tickets: u64, dice: &Dice) -> &Customer {
        // On a small desk the two customers that can sign in have a fair share of the tickets.
        if tickets <= SMALL && dice.chance(60) {
            return &self.customers[dice.below(2)];
        }
        let mut pulls = [0; LANGUAGES.len()];
        for (language, weight) in pulls.iter_mut().enumerate() {
            *weight = pull(language, at);
        }
        let speakers = &self.speakers[dice.weighted(pulls.iter().copied())];
        let here = speakers.partition_point(|place| self.customers[*place].user.created_at <= moment(at)).max(1);
        // The lower of two: some write often, most now and then.
        &self.customers[speakers[dice.below(here).min(dice.below(here))]]
    }
}

/// A ticket on its way: who is in it, and what is still to come.
struct Plot<'a> {
    company: &'a Company,
    customer: &'a Customer,
    scenario: &'static Scenario,
    prose: Prose<'a>,
    phrases: Turns,
    dice: &'a Dice,
    now: i64,
    /// Who answers.
    agent: Option<&'a Member>,
    /// Whether it is forgotten on the way.
    goes_quiet: bool,
    /// Whether the desk is a small one to look around in, where more goes on around each ticket.
    lively: bool,
}

/// The rest has not happened yet.
struct Over;

impl<'a> Plot<'a> {
    fn channel(&self) -> Channel {
        match self.dice.below(100) {
            0..42 => Channel::Email,
            42..50 if self.customer.organization.is_some() => Channel::Api,
            42..86 => Channel::Portal,
            _ => Channel::Web,
        }
    }

    /// The first step. What comes by phone is typed by an agent, who keeps it.
    fn open<'t>(
        &mut self,
        mut ticket: crate::model::Ticket,
        options: &'t DemoOptions,
        out: &'t mut Vec<Write>,
    ) -> Thread<'t>
    where
        'a: 't,
    {
        let stage = Stage { dice: self.dice, key: &options.audit_key, house: self.company.house.as_ref() };
        let people = self.people();
        if ticket.channel != Channel::Web {
            let doer = writer(self.customer, ticket.channel);
            return Thread::open(ticket, doer, people, stage, out);
        }
        let agent = self.somebody();
        self.agent = Some(agent);
        ticket.assigned_agent_id = Some(agent.user.id);
        ticket.team_id = Some(self.team());
        Thread::open(ticket, staff(agent), people, stage, out)
    }

    /// Whom rules may ask about.
    fn people(&self) -> People {
        let company = self.customer.organization.map(|place| self.company.organizations[place].clone());
        People {
            customer: Loaded::Known(Some(self.customer.user.clone())),
            organization: Loaded::Known(company),
            ..People::default()
        }
    }

    fn live(&mut self, thread: &mut Thread<'_>) -> Result<(), Over> {
        self.triage(thread)?;
        let words = self.words();
        // The answer is the last word, or the one before where the customer says thank you.
        let answer = (words + words % 2).saturating_sub(1);
        for word in 1..=words {
            if self.goes_quiet && word > 1 && self.dice.chance(450) {
                return self.fall_asleep(thread);
            }
            if word % 2 == 0 {
                self.customer_says(thread, word, words)?;
            } else {
                self.meanwhile(thread)?;
                self.staff_says(thread, word, answer)?;
            }
        }
        if words == 0 {
            // Settled on the phone, or not a question at all.
            let at = self.staff_time(thread, 2)?;
            let note = self.note();
            let hand = self.hand();
            thread.say(at, staff(hand), note, true);
        }
        self.end(thread)
    }

    /// How many public words follow the first message: few as a rule, and now and then very many.
    fn words(&self) -> usize {
        match self.dice.below(1000) {
            0..110 => 0,
            110..540 => 1,
            540..800 => 2,
            800..890 => 3,
            890..945 => 4,
            945..988 => 5 + self.dice.below(4),
            _ => 9 + self.dice.below(32).min(self.dice.below(32)),
        }
    }

    /// The ticket finds its team and its agent.
    fn triage(&mut self, thread: &mut Thread<'_>) -> Result<(), Over> {
        if self.agent.is_some() {
            return Ok(());
        }
        let way = self.dice.below(100);
        if way >= self.often(93, 84) {
            return Ok(()); // Nobody takes it; whoever has time answers.
        }
        let team = Some(self.team());
        if way < self.often(14, 6) {
            let at = self.staff_time(thread, 1)?;
            thread.assign(at, staff(self.lead()), None, team, None);
        }
        let agent = self.somebody();
        let at = self.staff_time(thread, 1)?;
        self.agent = Some(agent);
        let work = self.dice.chance(self.often(420, 80)).then_some(Status::InProgress);
        let queue = self.routed(agent);
        let by = match way {
            // Whoever puts a ticket into such a team lets the desk choose.
            _ if queue.is_some() => self.lead(),
            0..72 => agent,
            72..88 => self.lead(),
            _ => &self.company.staff[MANAGER],
        };
        thread.assign(at, staff(by), Some(agent.user.id), team, work);
        if let Some(queue) = queue {
            thread.decide(queue.team.id, agent.user.id, decision(queue, self.company, agent));
        }
        Ok(())
    }

    /// The ticket's team, where that gives its tickets to its members by itself and this is one of them.
    fn routed(&self, agent: &Member) -> Option<&'a Queue> {
        let queue = &self.company.teams[self.scenario.team];
        let is_member = queue.members.iter().any(|place| self.company.staff[*place].user.id == agent.user.id);
        (queue.team.is_routed() && is_member).then_some(queue)
    }

    fn staff_says(&mut self, thread: &mut Thread<'_>, word: usize, answer: usize) -> Result<(), Over> {
        let at = self.staff_time(thread, 2)?;
        let hand = self.hand();
        let (language, stuck) = (self.prose.story.language, self.dice.chance(160));
        let phrase = if word >= answer {
            self.prose.solution()
        } else if word == 1 {
            self.prose.question()
        } else if stuck {
            self.phrases.next(language.waiting)
        } else {
            self.phrases.next(language.update)
        };
        let body = self.prose.staff_reply(phrase, &hand.given, self.dice);
        thread.say(at, staff(hand), body, false);
        let follows = match () {
            () if word >= answer => self.dice.chance(self.often(380, 550)).then_some(Status::Resolved),
            () if word == 1 => self.dice.chance(self.often(450, 120)).then_some(Status::Pending),
            () if stuck => Some(Status::OnHold),
            () => self.dice.chance(self.often(300, 60)).then_some(Status::InProgress),
        };
        match follows {
            Some(status) if status != thread.ticket.status => {
                let at = self.soon(thread)?;
                thread.set(at, staff(hand), status);
            }
            _ => {}
        }
        Ok(())
    }

    fn customer_says(&mut self, thread: &mut Thread<'_>, word: usize, words: usize) -> Result<(), Over> {
        let at = self.customer_time(thread)?;
        let language = self.prose.story.language;
        let phrase = if word == words {
            self.phrases.next(language.thanks)
        } else if word == 2 {
            self.prose.answer()
        } else {
            self.phrases.next(language.nudge)
        };
        self.reply(thread, at, phrase);
        Ok(())
    }

    fn reply(&mut self, thread: &mut Thread<'_>, at: i64, phrase: &str) {
        let name = self.agent.map_or(super::company::COMPANY, |agent| agent.given.as_str());
        let channel = if thread.ticket.channel == Channel::Email { Channel::Email } else { Channel::Portal };
        let body = self.prose.customer_reply(phrase, name, channel, self.dice);
        thread.say(at, writer(self.customer, channel), body, false);
    }

    /// What else staff do before they answer.
    fn meanwhile(&mut self, thread: &mut Thread<'_>) -> Result<(), Over> {
        let urgent = thread.ticket.priority == Priority::Critical;
        if self.dice.chance(if urgent { 110 } else { 22 }) && thread.ticket.escalation_level < 3 {
            self.escalate(thread)?;
        }
        if self.dice.chance(self.often(110, 55)) {
            let at = self.staff_time(thread, 1)?;
            let note = self.note();
            thread.say(at, staff(self.hand()), note, true);
        }
        if self.dice.chance(32) && self.agent.is_some() {
            self.hand_over(thread)?;
        }
        if self.dice.chance(self.often(38, 24)) {
            let at = self.staff_time(thread, 1)?;
            let priority = if urgent { Priority::High } else { self.dice.pick(&[Priority::High, Priority::Medium]) };
            let tag = self.dice.chance(400).then_some("follow-up");
            thread.update(at, staff(self.hand()), priority, tag);
        }
        if self.dice.chance(self.often(34, 20)) {
            let at = self.staff_time(thread, 1)?;
            let listener = if self.dice.chance(500) { &self.company.staff[MANAGER] } else { self.lead() };
            thread.watch(at, staff(listener), listener.user.id);
        }
        Ok(())
    }

    fn escalate(&mut self, thread: &mut Thread<'_>) -> Result<(), Over> {
        let at = self.staff_time(thread, 1)?;
        let hand = self.hand();
        let reasons = if self.dice.chance(600) { self.scenario.reasons } else { REASONS };
        let reason = self.prose.among_staff(self.dice.pick(reasons), &hand.given);
        let to = self.dice.chance(450).then(|| self.lead());
        thread.escalate(at, staff(hand), reason, to.map(|lead| (lead.user.id, self.team())));
        self.agent = to.or(self.agent);
        Ok(())
    }

    fn hand_over(&mut self, thread: &mut Thread<'_>) -> Result<(), Over> {
        let (old, new) = (self.hand(), self.somebody());
        if old.user.id == new.user.id {
            return Ok(());
        }
        let at = self.staff_time(thread, 1)?;
        let note = self.prose.among_staff(self.dice.pick(HANDOVERS), &old.given);
        thread.say(at, staff(old), note, true);
        let at = self.soon(thread)?;
        thread.assign(at, staff(old), Some(new.user.id), Some(self.team()), None);
        self.agent = Some(new);
        Ok(())
    }

    /// The ticket waits for somebody who does not come back to it.
    fn fall_asleep(&mut self, thread: &mut Thread<'_>) -> Result<(), Over> {
        let status = self.dice.pick(&[Status::Pending, Status::Pending, Status::OnHold]);
        if thread.ticket.status != status {
            let at = self.staff_time(thread, 2)?;
            thread.set(at, staff(self.hand()), status);
        }
        Err(Over)
    }

    /// It is solved; now and then not for good; later it is closed.
    fn end(&mut self, thread: &mut Thread<'_>) -> Result<(), Over> {
        if self.dice.chance(110) {
            let at = self.staff_time(thread, 3)?;
            thread.set(at, staff(self.hand()), Status::Closed);
            return Ok(());
        }
        if thread.ticket.status != Status::Resolved {
            // Nobody objects for a while, so it counts as solved.
            let wait = self.dice.between(2 * HOUR, 4 * DAY).min(self.dice.between(2 * HOUR, 8 * DAY));
            let at = self.until_now(staffed(thread.at() + wait, self.dice))?;
            thread.set(at, staff(self.hand()), Status::Resolved);
        }
        if self.dice.chance(45) {
            let at = self.customer_time(thread)? + self.dice.between(0, 3 * DAY);
            let at = self.until_now(awake(at, self.customer.language, self.dice))?;
            let phrase = self.phrases.next(self.prose.story.language.still);
            self.reply(thread, at, phrase);
            let at = self.staff_time(thread, 1)?;
            thread.set(at, staff(self.hand()), Status::Open);
            self.staff_says(thread, 1, 1)?;
            if thread.ticket.status != Status::Resolved {
                let at = self.staff_time(thread, 2)?;
                thread.set(at, staff(self.hand()), Status::Resolved);
            }
        }
        if self.dice.chance(self.often(430, 180)) {
            let at = staffed(thread.at() + self.dice.between(2 * DAY, 10 * DAY), self.dice);
            let at = self.until_now(at)?;
            thread.set(at, staff(self.hand()), Status::Closed);
        }
        Ok(())
    }

    /// When staff get to the next thing; `weight` says how big a thing it is.
    fn staff_time(&self, thread: &Thread<'_>, weight: i64) -> Result<i64, Over> {
        let (low, high) = match thread.ticket.priority {
            Priority::Critical => (2, 14),
            Priority::High => (4, 120),
            Priority::Medium => (10, 540),
            Priority::Low => (20, 1300),
        };
        let at = thread.at() + self.dice.between(low * MINUTE, high * MINUTE * weight);
        let waits = thread.ticket.priority != Priority::Critical;
        self.until_now(if waits { staffed(at, self.dice) } else { at })
    }

    /// When the customer answers: within hours as a rule, within two days at most.
    fn customer_time(&self, thread: &Thread<'_>) -> Result<i64, Over> {
        let wait = self.dice.between(6 * MINUTE, 48 * HOUR).min(self.dice.between(6 * MINUTE, 30 * HOUR));
        self.until_now(awake(thread.at() + wait, self.customer.language, self.dice))
    }

    fn soon(&self, thread: &Thread<'_>) -> Result<i64, Over> {
        self.until_now(thread.at() + self.dice.between(4 * SECOND, 90 * SECOND))
    }

    fn until_now(&self, at: i64) -> Result<i64, Over> {
        if at < self.now { Ok(at) } else { Err(Over) }
    }

    fn note(&mut self) -> String {
        let notes = if self.dice.chance(600) { self.scenario.notes } else { NOTES };
        let hand = self.hand();
        self.prose.among_staff(self.dice.pick(notes), &hand.given)
    }

    fn team(&self) -> TeamId {
        self.company.teams[self.scenario.team].team.id
    }

    /// The lead of the team that it belongs to.
    fn lead(&self) -> &'a Member {
        let members = &self.company.teams[self.scenario.team].members;
        let mut staff = members.iter().map(|place| &self.company.staff[*place]);
        let leads = |member: &&Member| member.teams.contains(&(self.scenario.team, TeamRole::Lead));
        staff.find(leads).unwrap_or(&self.company.staff[MANAGER])
    }

    /// Somebody of the team, or now and then the new colleague who is in none yet. On a small desk the lead takes the
    /// most: whoever looks around as one finds work of their own.
    fn somebody(&self) -> &'a Member {
        if self.lively && self.dice.chance(400) {
            return self.lead();
        }
        let free = self.company.staff.iter().skip(MANAGER + 1).find(|member| member.teams.is_empty());
        match free {
            Some(free) if self.dice.chance(18) => free,
            _ => &self.company.staff[self.dice.pick(&self.company.teams[self.scenario.team].members)],
        }
    }

    /// How often something happens beside the usual, on a small desk and on a large one.
    fn often(&self, lively: usize, large: usize) -> usize {
        if self.lively { lively } else { large }
    }

    /// Who acts for the desk now.
    fn hand(&self) -> &'a Member {
        self.agent.unwrap_or_else(|| self.somebody())
    }
}

/// How a team found this member: the others had more to do.
fn decision(queue: &Queue, company: &Company, chosen: &Member) -> RoutingDetail {
    let candidate = |(place, member): (usize, &usize)| {
        let user_id = company.staff[*member].user.id;
        let is_chosen = user_id == chosen.user.id;
        let (standing, open) = if is_chosen { (Standing::Chosen, 2) } else { (Standing::MoreLoaded, 3) };
        let open = open + i64::try_from(if is_chosen { 0 } else { place }).unwrap_or_default();
        RoutingCandidate { user_id, standing, open, capacity: queue.team.capacity }
    };
    RoutingDetail {
        routing: queue.team.routing,
        skills: Vec::new(),
        skills_waived: false,
        candidates: queue.members.iter().enumerate().map(candidate).collect(),
        more: 0,
    }
}

/// A member of staff at the console.
fn staff(member: &Member) -> Doer<'_> {
    Doer {
        person: &member.person,
        ip: Some(&member.ip),
        user_agent: Some(STAFF_PROGRAMS[member.given.len() % STAFF_PROGRAMS.len()]),
        channel: Channel::Web,
    }
}

/// A customer by this way.
fn writer(customer: &Customer, channel: Channel) -> Doer<'_> {
    let (ip, user_agent) = match channel {
        Channel::Email => (None, None),
        Channel::Api => (Some(customer.ip.as_str()), Some("fleet-sync/2.3")),
        Channel::Portal | Channel::Web => {
            (Some(customer.ip.as_str()), Some(CUSTOMER_PROGRAMS[customer.given.len() % CUSTOMER_PROGRAMS.len()]))
        }
    };
    Doer { person: &customer.person, ip, user_agent, channel }
}
