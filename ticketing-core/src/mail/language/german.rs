//! German.

use super::{Happened, Labels, MailKind, OF_RULE, Phrases, Words};
use crate::mail::MailType;

pub(super) const WORDS: Words = Words {
    tag: "de",
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    moment: "{day}. {month} {year}, {time} Uhr ({zone})",
    statuses: ["Offen", "In Bearbeitung", "Wartet auf Antwort", "Zurückgestellt", "Gelöst", "Geschlossen"],
    priorities: ["Niedrig", "Mittel", "Hoch", "Kritisch"],
    metrics: ["Erste Antwort", "Nächste Antwort", "Lösung"],
    label: Labels {
        number: "Ticket",
        status: "Status",
        priority: "Priorität",
        category: "Kategorie",
        customer: "Kunde",
        agent: "Bearbeitung",
        team: "Team",
        due: "Fällig",
        reason: "Grund",
        address: "Adresse",
        valid_until: "Gültig bis",
    },
    greeting: "Guten Tag {{recipient.name}},",
    wrote: "{{comment.author}} schrieb",
    noted: "Interne Notiz von {{comment.author}}",
    asked: "{{customer_name}} schrieb",
    why_ticket: "{{#if recipient.is_customer}}Sie erhalten diese E-Mail wegen einer Anfrage an {{brand.name}}.\
        {{else}}Sie erhalten diese E-Mail, weil dieses Ticket Sie bei {{brand.name}} betrifft.{{/if}}",
    why_account: "Sie erhalten diese E-Mail wegen Ihres Kontos bei {{brand.name}}.",
    stop: "Keine E-Mails mehr zu diesem Ticket",
    more: "{count} frühere Neuigkeiten sind hier nicht aufgeführt.",
    more_late: "Und {count} weitere.",
    happened: Happened {
        created: "Anfrage eröffnet",
        assigned: "Zugewiesen an {name}",
        unassigned: "Zuweisung aufgehoben",
        status: "Status geändert von „{old}“ zu „{new}“",
        commented: "Neue Antwort",
        noted: "Neue interne Notiz",
        mentioned: "Sie wurden erwähnt",
        escalated: "Eskaliert auf Stufe {level}",
        warned: "{metric} bald fällig",
        breached: "{metric} überfällig",
    },
    awake: ["Ticket {number} meldet sich wieder", "Es war bis jetzt zurückgestellt: {subject}"],
    phrases,
};

fn phrases(kind: MailKind) -> Phrases {
    let ticket = |headline, paragraph| Phrases { subject: "", headline, paragraph, button: "Ticket ansehen" };
    match kind {
        MailKind::Type(kind) => of_type(kind),
        MailKind::Digest => ticket(
            "{{count}} Neuigkeiten",
            "Seit unserer letzten E-Mail ist bei {{#if recipient.is_customer}}Ihrer Anfrage{{else}}diesem \
             Ticket{{/if}} einiges geschehen.",
        ),
        MailKind::LateNews => Phrases {
            subject: "Verspätete Nachrichten zu Tickets ({{count}})",
            headline: "Verspätete Nachrichten zu Tickets",
            paragraph: "Einiges konnte nicht gemeldet werden, als es geschah, weil das System stillstand oder etwas \
                erst im Nachhinein zugesagt wurde. Hier steht es zusammen.",
            button: "Tickets ansehen",
        },
        MailKind::Workflow => OF_RULE,
        MailKind::WorkflowDisabled => Phrases {
            subject: "Eine Regel wurde abgeschaltet: {{workflow.name}}",
            headline: "Eine Regel wurde abgeschaltet",
            paragraph: "Die Regel {{workflow.name}} hat immer wieder mehr getan, als Regeln an einem Ticket tun dürfen, \
                und wird nicht mehr ausgeführt. Wahrscheinlich löst sie sich selbst aus oder antwortet einer anderen \
                Regel. Ändern Sie ihre Bedingungen, bevor Sie sie wieder einschalten.",
            button: "Regel ansehen",
        },
        MailKind::WebhookDisabled => Phrases {
            subject: "Ein Webhook wurde abgeschaltet: {{webhook.name}}",
            headline: "Ein Webhook wurde abgeschaltet",
            paragraph: "Der Webhook {{webhook.name}} ist zu lange fehlgeschlagen und wird nicht mehr aufgerufen. Was \
                zuzustellen war, ist aufbewahrt und kann erneut gesendet werden, sobald der Webhook wieder da ist.",
            button: "Webhook ansehen",
        },
    }
}

fn of_type(kind: MailType) -> Phrases {
    let ticket = |headline, paragraph| Phrases { subject: "", headline, paragraph, button: "Ticket ansehen" };
    match kind {
        MailType::TicketCreated => ticket(
            "{{#if recipient.is_customer}}Wir haben Ihre Anfrage erhalten{{else}}Neues Ticket{{/if}}",
            "{{#if recipient.is_customer}}Vielen Dank für Ihre Nachricht. Ihre Anfrage hat die Nummer \
             {{ticket_number}}; wir melden uns so bald wie möglich. Sie können sie jederzeit verfolgen und \
             ergänzen.{{else}}{{customer_name}} hat ein neues Ticket eröffnet.{{/if}}",
        ),
        MailType::TicketAssigned => ticket(
            "{{#if recipient.is_assignee}}Ein Ticket ist Ihnen zugewiesen{{else if agent_name}}{{agent_name}} kümmert \
             sich darum{{else if team_name}}Beim Team {{team_name}}{{else}}Nicht mehr zugewiesen{{/if}}",
            "{{#if recipient.is_assignee}}{{#if actor.name}}{{actor.name}} hat Ihnen dieses Ticket zugewiesen.\
             {{else}}Dieses Ticket wurde Ihnen zugewiesen.{{/if}}{{else if agent_name}}{{agent_name}} kümmert sich \
             jetzt um {{#if recipient.is_customer}}Ihre Anfrage{{else}}dieses Ticket{{/if}}.{{else if team_name}}Das \
             Team {{team_name}} kümmert sich jetzt um {{#if recipient.is_customer}}Ihre Anfrage{{else}}dieses \
             Ticket{{/if}}.{{else}}Dieses Ticket ist zurzeit niemandem zugewiesen.{{/if}}",
        ),
        MailType::StatusChanged => ticket(
            "Status: {{new_label}}",
            "Der Status {{#if recipient.is_customer}}Ihrer Anfrage{{else}}dieses Tickets{{/if}} hat sich von \
             „{{old_label}}“ zu „{{new_label}}“ geändert.{{#if recipient.is_customer}}{{#if is_resolved}} Wenn noch \
             etwas offen ist, lassen Sie es uns einfach wissen.{{/if}}{{/if}}",
        ),
        MailType::SlaBreach => ticket(
            "{{sla.metric_label}} überfällig",
            "Bei diesem Ticket wurde eine zugesagte Frist verpasst: {{sla.metric_label}}, fällig am {{sla.due_at}}.",
        ),
        MailType::SlaWarning => ticket(
            "{{sla.metric_label}} bald fällig",
            "Bei diesem Ticket läuft bald eine zugesagte Frist ab: {{sla.metric_label}}, fällig am {{sla.due_at}}.",
        ),
        MailType::Escalation => ticket(
            "Eskaliert auf Stufe {{escalation.level}}",
            "{{#if actor.name}}{{actor.name}} hat dieses Ticket eskaliert.{{else}}Dieses Ticket wurde \
             eskaliert.{{/if}}",
        ),
        MailType::CommentAdded => ticket(
            "{{#if comment.is_internal}}Neue interne Notiz{{else}}Neue Antwort{{/if}}",
            "{{#if comment.is_internal}}{{comment.author}} hat eine Notiz für das Team hinterlassen.\
             {{else}}{{comment.author}} hat auf {{#if recipient.is_customer}}Ihre Anfrage{{else}}dieses \
             Ticket{{/if}} geantwortet.{{/if}}",
        ),
        MailType::Invitation => Phrases {
            subject: "Willkommen bei {{brand.name}}",
            headline: "Willkommen bei {{brand.name}}",
            paragraph: "{{#if actor.name}}{{actor.name}} hat Sie{{else}}Sie wurden{{/if}} zu {{brand.name}} \
                eingeladen. Wählen Sie ein Passwort, um Ihr Konto einzurichten. Wenn Sie diese Einladung nicht \
                erwartet haben, können Sie sie ignorieren.",
            button: "Konto einrichten",
        },
        MailType::PasswordReset => Phrases {
            subject: "Neues Passwort für {{brand.name}}",
            headline: "Passwort zurücksetzen",
            paragraph: "Jemand, hoffentlich Sie selbst, hat ein neues Passwort für Ihr Konto angefordert. Über die \
                Schaltfläche können Sie eines wählen; sie funktioniert einmal. Waren Sie es nicht, ignorieren Sie \
                diese E-Mail: Ihr Passwort bleibt, wie es ist.",
            button: "Neues Passwort wählen",
        },
    }
}
