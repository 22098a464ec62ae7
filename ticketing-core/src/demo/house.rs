//! What the small desk has set up beside its people: promises, fields, rules, endpoints, mail.

use super::DemoOptions;
use super::company::{ADMIN, COMPANY, Company, PROFILE};
use super::dice::{Dice, moment};
use super::field::fields;
use super::promise::Promises;
use super::quick::{canned_responses, macros, uses};
use super::rhythm::{DAY, MINUTE};
use super::rule::RuleBook;
use super::scenario::{FLEET, WORKSHOP};
use super::view::views;
use crate::changes::{Expect, Write};
use crate::desk::{differences, template_traces};
use crate::event::FieldChanges;
use crate::mail::{Brand, EmailTemplate, Language, MailKind, MailType, TemplateText, built_in};
use crate::model::{
    CannedResponse, CustomField, CustomFields, DisableReason, Disabled, EventType, InboundMailbox, Macro, Money,
    OrganizationRate, PayloadKind, Person, Priority, Rounding, SavedView, TimeTracking, Webhook,
};
use crate::port::IdSource;
use crate::setting::{Document, Setting, SingleSetting, Stored};
use crate::time::Time;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// All of it.
pub(super) struct House {
    pub promises: Promises,
    pub rules: RuleBook,
    fields: Vec<Stored<CustomField>>,
    /// All versions of each endpoint.
    webhooks: Vec<Vec<Stored<Webhook>>>,
    mailboxes: Vec<Stored<InboundMailbox>>,
    /// Each with who made it.
    canned_responses: Vec<(Stored<CannedResponse>, Person)>,
    macros: Vec<(Stored<Macro>, Person)>,
    views: Vec<(Stored<SavedView>, Person)>,
    brand: Stored<Brand>,
    time: Stored<TimeTracking>,
}

/// One version of a setting, and the line about it in the audit log.
pub(super) struct Deed {
    pub document: Document,
    pub action: String,
    pub actor: Person,
    /// Each field that changed, before and after.
    pub changes: Map<String, Value>,
}

impl Deed {
    /// The row.
    pub(super) fn write(&self) -> Write {
        let version = self.document.version;
        let expect = if version == 1 { Expect::New } else { Expect::Version(version - 1) };
        Write::Setting { document: self.document.clone(), expect }
    }
}

impl House {
    /// As it was set up when the company moved in, and changed since.
    pub(super) fn new(company: &Company, options: &DemoOptions) -> Self {
        let opening = company.founded.timestamp_micros();
        let promises = Promises::new(opening, options.now, &Dice::new(options.seed, 5, 0));
        let dice = &Dice::new(options.seed, 7, 0);
        let fields = fields(opening, dice);
        let known = CustomFields::new(fields.clone());
        let webhooks = webhooks(company, options.now, dice);
        let calendars = promises.calendars();
        let rules = RuleBook::new(company, &known, calendars, options.now, dice);
        let at = moment(opening + 50 * MINUTE);
        let brand = Stored { id: Brand::ID, version: 1, saved_at: at, content: brand() };
        let dice_of_quick = Dice::new(options.seed, 14, 0);
        Self {
            promises,
            rules,
            fields,
            webhooks,
            mailboxes: mailboxes(company, at, dice),
            canned_responses: canned_responses(company, opening, &dice_of_quick),
            macros: macros(company, opening, &dice_of_quick),
            views: views(company, opening, &Dice::new(options.seed, 9, 0)),
            brand,
            time: Stored { id: TimeTracking::ID, version: 1, saved_at: at, content: time_tracking(company) },
        }
    }

    /// What was set up first.
    pub(super) fn first(&self) -> impl Iterator<Item = Deed> + '_ {
        let admin = &self.rules.owner;
        self.promises
            .first()
            .into_iter()
            .chain(self.fields.iter().map(|field| deed(None, field, Some(admin))))
            .chain(self.mailboxes.iter().map(|mailbox| deed(None, mailbox, Some(admin))))
            .chain(self.views.iter().map(|(view, author)| deed(None, view, Some(author))))
            .chain(templates(self.brand.saved_at).into_iter().map(|template| Deed {
                // As on a desk, the texts themselves are none of the log's.
                changes: pairs(template_traces(None, Some(&template))),
                ..deed(None, &template, Some(admin))
            }))
            .chain(std::iter::once(deed(None, &self.brand, Some(admin))))
            .chain(std::iter::once(deed(None, &self.time, Some(admin))))
            .chain(self.webhooks.iter().map(|versions| deed(None, &versions[0], Some(admin))))
            .chain(self.rules.versions.iter().map(|versions| deed(None, &versions[0], Some(admin))))
            .chain(self.canned_responses.iter().map(|(stored, author)| deed(None, stored, Some(author))))
            .chain(self.macros.iter().map(|(stored, author)| deed(None, stored, Some(author))))
    }

    /// How often people have answered with what there is for that.
    pub(super) fn uses(&self, company: &Company, until: Time) -> Vec<Write> {
        uses(company, &self.canned_responses, until)
    }

    /// How working time is counted.
    pub(super) fn time(&self) -> &TimeTracking {
        &self.time.content
    }

    /// What was changed since: the second version of what has one.
    pub(super) fn second(&self) -> impl Iterator<Item = Deed> + '_ {
        let admin = &self.rules.owner;
        let off = self.webhooks.iter().filter_map(|versions| match &versions[..] {
            // The desk itself has switched it off.
            [old, new] => Some(Deed { action: "webhook.disabled".to_owned(), ..deed(Some(old), new, None) }),
            _ => None,
        });
        let edited = self.rules.versions.iter().filter_map(move |versions| match &versions[..] {
            [old, new] => Some(deed(Some(old), new, Some(admin))),
            _ => None,
        });
        off.chain(edited)
    }
}

/// A version of a setting by somebody, or by the desk itself.
pub(super) fn deed<T: Setting + Serialize>(old: Option<&Stored<T>>, new: &Stored<T>, by: Option<&Person>) -> Deed {
    let verb = if old.is_some() { "updated" } else { "created" };
    let document = Document {
        kind: T::KIND.to_owned(),
        id: new.id,
        owner: new.content.owner(),
        version: new.version,
        saved_at: new.saved_at,
        saved_by: by.and_then(|person| person.id),
        deleted: false,
        body: serde_json::to_value(&new.content).unwrap_or_default(),
    };
    let actor = by.cloned().unwrap_or_else(Person::system);
    let changes = pairs(differences(old.map(|old| &old.content), &new.content));
    Deed { document, action: format!("{}.{verb}", T::KIND), actor, changes }
}

fn pairs(changes: FieldChanges) -> Map<String, Value> {
    changes.into_iter().map(|(field, (old, new))| (field, json!([old, new]))).collect()
}

/// Two endpoints. Neither is called: one was never switched on, one was switched off by the desk.
fn webhooks(company: &Company, until: Time, dice: &Dice) -> Vec<Vec<Stored<Webhook>>> {
    let ago = |days: i64| moment(until.timestamp_micros() - days * DAY);
    let owner = Some(company.staff[ADMIN].user.id);
    let stored = |version, saved_at, content| Stored { id: dice.uuid(ago(75)), version, saved_at, content };
    let page = Webhook {
        name: "Status page".to_owned(),
        url: "https://status.fjordrad.example/hooks/desk".to_owned(),
        event_types: vec![EventType::TicketCreated, EventType::TicketEscalated, EventType::TicketResolved],
        filter: Some(json!({"field": "category", "operator": "equals", "value": "Connectivity"})),
        is_active: false,
        ..Webhook::new(owner, ago(12))
    };
    let chat = Webhook {
        name: "Workshop chat".to_owned(),
        url: "https://chat.fjordrad.example/incoming/workshop".to_owned(),
        event_types: vec![EventType::TicketCreated, EventType::SlaWarning, EventType::SlaBreached],
        payload: PayloadKind::Slack,
        filter: Some(json!({"field": "team_id", "operator": "equals", "value": company.teams[WORKSHOP].team.id})),
        ..Webhook::new(owner, ago(75))
    };
    let silent = Webhook {
        is_active: false,
        disabled: Some(Disabled { at: ago(20), reason: DisableReason::Failing }),
        ..chat.clone()
    };
    let first = stored(1, ago(75), chat);
    let second = Stored { version: 2, saved_at: ago(20), content: silent, ..first.clone() };
    vec![vec![stored(1, ago(12), page)], vec![first, second]]
}

/// Addresses that a mail server would bring mail of; nothing is fetched.
fn mailboxes(company: &Company, at: Time, dice: &Dice) -> Vec<Stored<InboundMailbox>> {
    let boxes = [
        ("Support", "support@fjordrad.example", &["help@fjordrad.example"][..], None, Priority::Medium),
        ("Fleet & API", "fleet@fjordrad.example", &[], Some(FLEET), Priority::High),
    ];
    let mailbox = |(name, address, aliases, team, priority): (&str, &str, &[&str], Option<usize>, Priority)| {
        let content = InboundMailbox {
            name: name.to_owned(),
            address: address.to_owned(),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            team_id: team.map(|team| company.teams[team].team.id),
            priority,
            locale: None,
            is_trusted: false,
            trusted_servers: vec!["mx.fjordrad.example".to_owned()],
            is_active: true,
            imap: None,
            created_at: at,
        };
        Stored { id: dice.uuid(at), version: 1, saved_at: at, content }
    };
    boxes.into_iter().map(mailbox).collect()
}

/// Tenths of an hour that have begun, and two companies with prices of their own.
fn time_tracking(company: &Company) -> TimeTracking {
    let price = |amount_minor, currency: &str| Some(Money { amount_minor, currency: currency.parse().ok()? });
    let own = [price(7_200, "EUR"), price(9_500, "NOK")];
    let rates = company.organizations.iter().zip(own.into_iter().flatten());
    TimeTracking {
        round_to_minutes: 6,
        round: Rounding::Up,
        default_billable: false,
        default_rate: price(8_500, "EUR"),
        rates: rates.map(|(company, rate)| OrganizationRate { organization_id: company.id, rate }).collect(),
    }
}

fn brand() -> Brand {
    Brand {
        name: Some(COMPANY.to_owned()),
        colour: "#0f766e".to_owned(),
        footer: Some("Fjordrad, Kaistraße 12, Hamburg\nWorkshop and phone: weekdays from eight to six".to_owned()),
        from_name: Some(PROFILE.to_owned()),
        ..Brand::default()
    }
}

/// The first mail that a customer gets, in the company's own words.
fn templates(at: Time) -> Vec<Stored<EmailTemplate>> {
    let reworded = [
        (
            Language::English,
            None,
            "Your message to Fjordrad: {{subject}} [{{ticket_number}}]",
            "If it is about a battery that is hot, swollen or smoking: leave it where it is, go outside, and call us.",
        ),
        (
            Language::German,
            Some("de"),
            "Deine Nachricht an Fjordrad: {{subject}} [{{ticket_number}}]",
            "Wenn es um einen Akku geht, der heiß ist, sich bläht oder raucht: Lass ihn liegen, geh nach draußen und \
             ruf uns an.",
        ),
    ];
    let template = |(language, locale, subject, warning): (Language, Option<&str>, &str, &str)| {
        let mail_type = MailType::TicketCreated;
        let TemplateText { html, text, .. } = &built_in(MailKind::Type(mail_type), language).text;
        // Above the brand's own lines, as it stands in a letter.
        let text =
            text.replacen("-- \n", &format!("{{{{#if recipient.is_customer}}}}\n{warning}\n\n{{{{/if}}}}\n-- \n"), 1);
        let line =
            format!("{{{{#if recipient.is_customer}}}}\n<p style=\"margin:0 0 8px;\">{warning}</p>\n{{{{/if}}}}\n");
        let html = html.replacen("{{#if brand.footer}}", &format!("{line}{{{{#if brand.footer}}}}"), 1);
        let content = EmailTemplate {
            mail_type,
            locale: locale.map(str::to_owned),
            text: TemplateText { subject: subject.to_owned(), html, text },
        };
        Stored { id: EmailTemplate::id(mail_type, locale), version: 1, saved_at: at, content }
    };
    reworded.into_iter().map(template).collect()
}
