//! What the small desk's people answer with again and again, and what they do by one press.

use super::company::{ADMIN, Company, FIRST_LEAD, MANAGER, WORKSHOP_LEAD};
use super::dice::{Dice, moment};
use super::rhythm::{DAY, MINUTE};
use super::scenario::{FLEET, RIDERS, WORKSHOP};
use crate::changes::Write;
use crate::ids::CannedResponseId;
use crate::model::{ActionSource, CannedResponse, Macro, Person, Sharing};
use crate::port::IdSource;
use crate::setting::Stored;
use crate::time::Time;
use serde_json::{Value, from_value, json};

/// With whom something is shared here.
#[derive(Clone, Copy)]
enum With {
    All,
    Team(usize),
    Nobody,
}

/// Title, category, shortcut, text, who made it, with whom it is shared, and how often each of the first people used it.
type Text = (&'static str, &'static str, &'static str, &'static str, usize, With, [u32; 5]);

const TEXTS: [Text; 12] = [
    (
        "Thank you, we are looking into it",
        "General",
        "thanks",
        "Hello {{customer_name}},\n\nthank you for writing. I am looking into it and come back to you by tomorrow. Your number is \
         {{ticket_number}}.\n\nBest regards,\n{{agent_name}}",
        MANAGER,
        With::All,
        [4, 9, 23, 17, 12],
    ),
    (
        "Danke, wir kümmern uns",
        "General",
        "danke",
        "Hallo {{customer_name}},\n\ndanke für deine Nachricht. Ich sehe mir das an und melde mich bis morgen. Deine Nummer ist \
         {{ticket_number}}.\n\nViele Grüße\n{{agent_name}}",
        MANAGER,
        With::All,
        [2, 6, 14, 21, 8],
    ),
    (
        "Password Reset Instructions",
        "Account Access",
        "pwreset",
        "Hello {{customer_name}},\n\nto set a new password, open the app, choose \"Forgot your password?\" and enter \
         {{customer_email}}. The link that comes by mail is good for an hour.\n\nBest regards,\n{{agent_name}}",
        FIRST_LEAD,
        With::All,
        [0, 2, 31, 26, 19],
    ),
    (
        "Is it still happening?",
        "General",
        "still",
        "Hello {{customer_name}},\n\nwe have not heard from you about \"{{subject}}\". Does it still happen? If not, there is nothing \
         to do for you: we close it in a few days.\n\n{{agent_name}}",
        MANAGER,
        With::All,
        [1, 3, 11, 9, 14],
    ),
    (
        "A hot or swollen battery",
        "Safety",
        "battery",
        "Hello {{customer_name}},\n\nplease do not charge or ride the bike any more. Put it outside, away from anything that burns, and \
         call us: somebody answers at any hour. We collect the battery tomorrow at no cost.\n\n{{agent_name}}, {{team_name}}",
        WORKSHOP_LEAD,
        With::All,
        [0, 1, 3, 2, 4],
    ),
    (
        "Send us the serial number",
        "Safety",
        "serial",
        "Hello {{customer_name}},\n\nso that we find the right parts, please send us the number under the bottom bracket. It begins with \
         FJ.\n\n{{agent_name}}",
        WORKSHOP_LEAD,
        With::Team(WORKSHOP),
        [0, 0, 0, 1, 6],
    ),
    (
        "Book a slot at the workshop",
        "Appointments",
        "slot",
        "Hello {{customer_name}},\n\nyou find free times at https://fjordrad.example/workshop. Please name {{ticket_number}} there, then we \
         have your papers ready.\n\n{{agent_name}}, Workshop",
        WORKSHOP_LEAD,
        With::Team(WORKSHOP),
        [0, 0, 0, 2, 9],
    ),
    (
        "How to update the firmware",
        "Connectivity",
        "firmware",
        "Hello {{customer_name}},\n\n1. Charge the bike to half at least.\n2. Open the app beside it and choose Bike, Update.\n3. Wait until \
         the light is green again, about ten minutes.\n\nTell us if it stops before.\n\n{{agent_name}}",
        FIRST_LEAD,
        With::Team(RIDERS),
        [0, 0, 12, 8, 0],
    ),
    (
        "Where is my order?",
        "Orders",
        "order",
        "Hello {{customer_name}},\n\nyour parcel is on its way. It comes within three working days, and you follow it here: \
         {{tracking_link}}\n\nBest regards,\n{{agent_name}}",
        MANAGER,
        With::All,
        [0, 4, 7, 12, 5],
    ),
    (
        "Fleet: a bike was added",
        "Fleet",
        "fleet-add",
        "Hello {{customer_name}},\n\nthe bike is now in the fleet of {{organization.name}}. Your riders see it within a minute.\n\n\
         {{agent_name}}",
        MANAGER,
        With::Team(FLEET),
        [0, 2, 0, 0, 0],
    ),
    (
        "My sign-off for German customers",
        "Own",
        "lg",
        "Liebe Grüße aus Hamburg\n{{agent_name}}",
        FIRST_LEAD,
        With::Nobody,
        [0, 0, 18, 0, 0],
    ),
    (
        "Ask the lab before answering",
        "Own",
        "lab",
        "To myself: cells of batch {{custom_fields.batch}} go to the lab first, then answer {{customer_name}}.",
        ADMIN,
        With::Nobody,
        [3, 0, 0, 0, 0],
    ),
];

/// What is shared so, by this person.
fn sharing(with: With, company: &Company, author: usize) -> Sharing {
    match with {
        With::All => Sharing::All,
        With::Team(place) => Sharing::Team(company.teams[place].team.id),
        With::Nobody => Sharing::Private(company.staff[author].user.id),
    }
}

/// What they answer with, each with who made it.
pub(super) fn canned_responses(company: &Company, opening: i64, dice: &Dice) -> Vec<(Stored<CannedResponse>, Person)> {
    let response = |(place, text): (i64, Text)| {
        let (title, category, shortcut, content, author, with, _) = text;
        let at = moment(opening + DAY + place * 7 * MINUTE);
        let content = CannedResponse {
            title: title.to_owned(),
            category: Some(category.to_owned()),
            content: content.to_owned(),
            shortcut: Some(shortcut.to_owned()),
            sharing: sharing(with, company, author),
            created_at: at,
        };
        let stored = Stored { id: dice.uuid(at), version: 1, saved_at: at, content };
        (stored, company.staff[author].person.clone())
    };
    (0..).zip(TEXTS).map(response).collect()
}

/// How often they have, the last time within the days before this moment.
pub(super) fn uses(company: &Company, responses: &[(Stored<CannedResponse>, Person)], until: Time) -> Vec<Write> {
    let mut writes = Vec::new();
    for (number, ((stored, _), text)) in (0..).zip(responses.iter().zip(TEXTS)) {
        for (member, times) in company.staff.iter().zip(text.6) {
            for turn in 0..i64::from(times) {
                let at = moment(until.timestamp_micros() - (turn + 1) * DAY - number * 13 * MINUTE);
                let (response_id, user_id) = (CannedResponseId(stored.id), member.user.id);
                writes.push(Write::CannedUsed { response_id, user_id, uses: 1, at });
            }
        }
    }
    writes
}

/// What they do by one press, each with who made it.
pub(super) fn macros(company: &Company, opening: i64, dice: &Dice) -> Vec<(Stored<Macro>, Person)> {
    let team = |place: usize| company.teams[place].team.id;
    let say = |body: &str| json!({"type": "add_comment", "params": {"body": body}});
    let all = [
        (
            "Take it",
            "It is mine, and whoever asked knows.",
            "take",
            json!([
                {"type": "assign_ticket", "params": {"agent_id": "me"}},
                {"type": "update_ticket", "params": {"status": "in_progress"}},
                say("Hello {{customer_name}}, this is {{agent_name}}. I am looking into it."),
            ]),
            (MANAGER, With::All),
        ),
        (
            "Wait for an answer",
            "Asks again after three days.",
            "wait",
            json!([say("Hello {{customer_name}}, could you tell us whether it still happens?"),
                {"type": "snooze", "params": {"for": "3d"}}]),
            (MANAGER, With::All),
        ),
        (
            "Solved",
            "A last word, and it is resolved.",
            "solved",
            json!([say("Good to hear that, {{customer_name}}. Write again any time.\n\n{{agent_name}}"),
                {"type": "update_ticket", "params": {"status": "resolved"}}]),
            (FIRST_LEAD, With::Team(RIDERS)),
        ),
        (
            "A hot battery",
            "To the workshop at once, with what whoever asked must do now.",
            "hot",
            json!([
                {"type": "update_ticket", "params": {"priority": "critical", "category": "Safety"}},
                {"type": "add_tags", "params": {"tags": ["battery", "safety"]}},
                {"type": "assign_ticket", "params": {"team_id": team(WORKSHOP)}},
                {"type": "escalate_ticket", "params": {"reason": "A battery of {{customer_name}} is hot."}},
                say("Please do not charge or ride the bike any more, and put it outside. We call you within the hour."),
            ]),
            (WORKSHOP_LEAD, With::All),
        ),
        (
            "For the lab",
            "A note to myself.",
            "lab",
            json!([{"type": "add_comment", "params": {"body": "To the lab: {{subject}} ({{ticket_number}}).", "is_internal": true}},
                {"type": "add_watchers", "params": {"user_id": "me"}}]),
            (ADMIN, With::Nobody),
        ),
    ];
    let quick = |(place, (name, about, shortcut, actions, (author, with)))| {
        let place: i32 = place;
        let at = moment(opening + 2 * DAY + i64::from(place) * MINUTE);
        let content = Macro {
            name: str::to_owned(name),
            description: Some(str::to_owned(about)),
            actions: sources(actions),
            position: place,
            shortcut: Some(str::to_owned(shortcut)),
            sharing: sharing(with, company, author),
            created_at: at,
        };
        let stored = Stored { id: dice.uuid(at), version: 1, saved_at: at, content };
        (stored, company.staff[author].person.clone())
    };
    (1..).map(|place| place * 10).zip(all).map(quick).collect()
}

fn sources(actions: Value) -> Vec<ActionSource> {
    // They are written above, and a test reads them as a desk would.
    from_value(actions).unwrap_or_default()
}
