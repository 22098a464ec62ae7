//! Whole messages out of phrases.

use super::company::{Company, Customer};
use super::dice::Dice;
use super::text::{COMPANY_CASE_LAST, LANGUAGES, Story, Topic};
use crate::model::Channel;

/// What a ticket's people write.
pub(super) struct Prose<'a> {
    pub story: Story<'a>,
    topic: &'static Topic,
    /// Which of the topic's cases it is; subject, question and solution fit the case.
    case: usize,
}

/// Takes one phrase after the other, from a place of its own in each ticket, so that a long thread
/// does not say the same thing twice in a row.
pub(super) struct Turns(usize);

impl Turns {
    pub(super) fn new(dice: &Dice) -> Self {
        Self(dice.below(1 << 16))
    }

    pub(super) fn next<'a>(&mut self, phrases: &[&'a str]) -> &'a str {
        self.0 += 1;
        phrases[self.0 % phrases.len()]
    }
}

impl<'a> Prose<'a> {
    /// The texts of a ticket about this topic.
    pub(super) fn new(company: &'a Company, customer: &'a Customer, place: usize, at: i64, dice: &Dice) -> Self {
        let language = LANGUAGES[customer.language];
        let story = Story {
            language,
            lore: dice.next(),
            at,
            given: customer.given,
            name: &customer.user.name,
            company: customer.organization.map_or(&customer.user.name, |place| &company.organizations[place].name),
        };
        let topic = &language.topics[place];
        let cases = topic.openings.len();
        let fitting = if customer.organization.is_none() && COMPANY_CASE_LAST[place] { cases - 1 } else { cases };
        Self { story, topic, case: dice.below(fitting) }
    }

    /// What staff ask back.
    pub(super) fn question(&self) -> &'static str {
        self.topic.asks[self.case % self.topic.asks.len()]
    }

    /// What the customer answers.
    pub(super) fn answer(&self) -> &'static str {
        self.topic.answers[self.case % self.topic.answers.len()]
    }

    /// What solves it.
    pub(super) fn solution(&self) -> &'static str {
        self.topic.fixes[self.case % self.topic.fixes.len()]
    }

    /// The line above.
    pub(super) fn subject(&self, dice: &Dice) -> String {
        let mut text = String::with_capacity(64);
        let (subjects, cases) = (self.topic.subjects, self.topic.openings.len());
        let other = self.case + cases;
        let place = if other < subjects.len() && dice.chance(400) { other } else { self.case % subjects.len() };
        self.story.fill(&mut text, subjects[place], "");
        text
    }

    /// The first message. What an agent types on the phone has no greeting.
    pub(super) fn description(&self, channel: Channel, dice: &Dice) -> String {
        let language = self.story.language;
        let mut text = String::with_capacity(480);
        let letter = channel == Channel::Email || (channel == Channel::Portal && dice.chance(600));
        if letter {
            text.push_str(dice.pick(language.hello));
            text.push_str("\n\n");
        }
        self.sentence(&mut text, self.topic.openings[self.case], "");
        let detail = self.topic.details.get(self.case).filter(|_| dice.chance(820));
        if let Some(detail) = detail {
            self.sentence(&mut text, detail, "");
        }
        if dice.chance(if detail.is_some() { 560 } else { 880 }) {
            if dice.chance(300) {
                text.push_str("\n\n");
            }
            self.sentence(&mut text, dice.pick(language.context), "");
        }
        if letter {
            self.signature(&mut text, dice);
        }
        text
    }

    /// What staff answer.
    pub(super) fn staff_reply(&self, phrase: &str, agent: &str, dice: &Dice) -> String {
        let language = self.story.language;
        let mut text = String::with_capacity(360);
        self.story.fill(&mut text, dice.pick(language.dear), agent);
        text.push_str("\n\n");
        self.sentence(&mut text, phrase, agent);
        text.push_str("\n\n");
        self.story.fill(&mut text, dice.pick(language.regards), agent);
        text
    }

    /// What the customer says later on.
    pub(super) fn customer_reply(&self, phrase: &str, agent: &str, channel: Channel, dice: &Dice) -> String {
        let mut text = String::with_capacity(200);
        if dice.chance(250) {
            text.push_str(dice.pick(self.story.language.hello));
            text.push_str("\n\n");
        }
        self.sentence(&mut text, phrase, agent);
        if channel == Channel::Email && dice.chance(600) {
            self.signature(&mut text, dice);
        }
        text
    }

    /// What staff write for each other.
    pub(super) fn among_staff(&self, phrase: &str, agent: &str) -> String {
        let mut text = String::with_capacity(160);
        self.story.fill(&mut text, phrase, agent);
        text
    }

    fn signature(&self, text: &mut String, dice: &Dice) {
        text.push_str("\n\n");
        text.push_str(dice.pick(self.story.language.bye));
        text.push('\n');
        text.push_str(self.story.name);
    }

    /// Appends a phrase: with a space after what stands there, and with a capital where nothing or
    /// a full stop stands before it.
    fn sentence(&self, text: &mut String, phrase: &str, agent: &str) {
        let before = text.trim_end().chars().next_back();
        if !text.is_empty() && !text.ends_with(['\n', '。']) {
            text.push(' ');
        }
        let start = text.len();
        self.story.fill(text, phrase, agent);
        if matches!(before, Some(',' | '،')) {
            return;
        }
        if let Some(first) = text[start..].chars().next().filter(|first| first.is_lowercase()) {
            let capital = first.to_uppercase().collect::<String>();
            text.replace_range(start..start + first.len_utf8(), &capital);
        }
    }
}
