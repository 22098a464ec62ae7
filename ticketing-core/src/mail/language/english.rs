//! English.

use super::{Happened, Labels, MailKind, OF_RULE, Phrases, Words};
use crate::mail::MailType;

pub(super) const WORDS: Words = Words {
    tag: "en",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    moment: "{day} {month} {year}, {time} {zone}",
    statuses: ["Open", "In progress", "Pending", "On hold", "Resolved", "Closed"],
    priorities: ["Low", "Medium", "High", "Critical"],
    metrics: ["First response", "Next response", "Resolution"],
    label: Labels {
        number: "Ticket",
        status: "Status",
        priority: "Priority",
        category: "Category",
        customer: "Customer",
        agent: "Agent",
        team: "Team",
        due: "Due",
        reason: "Reason",
        address: "Address",
        valid_until: "Valid until",
    },
    greeting: "Hello {{recipient.name}},",
    wrote: "{{comment.author}} wrote",
    noted: "Internal note by {{comment.author}}",
    asked: "{{customer_name}} wrote",
    why_ticket: "{{#if recipient.is_customer}}You receive this email because of a request to {{brand.name}}.\
        {{else}}You receive this email because this ticket concerns you at {{brand.name}}.{{/if}}",
    why_account: "You receive this email because of your account at {{brand.name}}.",
    stop: "Stop emails about this ticket",
    more: "{count} earlier updates are not shown here.",
    more_late: "And {count} more.",
    happened: Happened {
        created: "Request opened",
        assigned: "Assigned to {name}",
        unassigned: "Assignment removed",
        status: "Status changed from {old} to {new}",
        commented: "New reply",
        noted: "New internal note",
        mentioned: "You were mentioned",
        escalated: "Escalated to level {level}",
        warned: "{metric} due soon",
        breached: "{metric} overdue",
    },
    awake: ["Ticket {number} asks for you again", "It was put off until now: {subject}"],
    phrases,
};

fn phrases(kind: MailKind) -> Phrases {
    let ticket = |headline, paragraph| Phrases { subject: "", headline, paragraph, button: "View ticket" };
    match kind {
        MailKind::Type(kind) => of_type(kind),
        MailKind::Digest => ticket(
            "{{count}} updates",
            "A few things have happened {{#if recipient.is_customer}}to your request{{else}}to this ticket{{/if}} \
             since our last email.",
        ),
        MailKind::LateNews => Phrases {
            subject: "Late news of tickets ({{count}})",
            headline: "Late news of tickets",
            paragraph: "Some things could not be told when they happened, because the desk stood still or something \
                was promised afterwards. Here they are together.",
            button: "View tickets",
        },
        MailKind::Workflow => OF_RULE,
        MailKind::WorkflowDisabled => Phrases {
            subject: "A rule was switched off: {{workflow.name}}",
            headline: "A rule was switched off",
            paragraph: "The rule {{workflow.name}} kept doing more than rules may do to one ticket, so it is no longer \
                looked at. Most likely it follows from what it does itself, or answers another rule. Change what has \
                to hold for it before it is switched on again.",
            button: "View rule",
        },
        MailKind::WebhookDisabled => Phrases {
            subject: "A webhook was switched off: {{webhook.name}}",
            headline: "A webhook was switched off",
            paragraph: "The webhook {{webhook.name}} has failed for too long and is no longer called. What was to be \
                delivered is kept and can be sent again once the webhook is back.",
            button: "View webhook",
        },
    }
}

fn of_type(kind: MailType) -> Phrases {
    let ticket = |headline, paragraph| Phrases { subject: "", headline, paragraph, button: "View ticket" };
    match kind {
        MailType::TicketCreated => ticket(
            "{{#if recipient.is_customer}}We have received your request{{else}}New ticket{{/if}}",
            "{{#if recipient.is_customer}}Thank you for contacting us. Your request has the number \
             {{ticket_number}}; we will get back to you as soon as we can. You can follow it and add to it at any \
             time.{{else}}{{customer_name}} has opened a new ticket.{{/if}}",
        ),
        MailType::TicketAssigned => ticket(
            "{{#if recipient.is_assignee}}A ticket is assigned to you{{else if agent_name}}{{agent_name}} is on \
             it{{else if team_name}}With the team {{team_name}}{{else}}Not assigned any more{{/if}}",
            "{{#if recipient.is_assignee}}{{#if actor.name}}{{actor.name}} has assigned this ticket to you.\
             {{else}}This ticket has been assigned to you.{{/if}}{{else if agent_name}}{{agent_name}} now takes care \
             of {{#if recipient.is_customer}}your request{{else}}this ticket{{/if}}.{{else if team_name}}The team \
             {{team_name}} now takes care of {{#if recipient.is_customer}}your request{{else}}this \
             ticket{{/if}}.{{else}}Nobody is assigned to this ticket at the moment.{{/if}}",
        ),
        MailType::StatusChanged => ticket(
            "Status: {{new_label}}",
            "The status of {{#if recipient.is_customer}}your request{{else}}this ticket{{/if}} has changed from \
             {{old_label}} to {{new_label}}.{{#if recipient.is_customer}}{{#if is_resolved}} If anything is still \
             open, just let us know.{{/if}}{{/if}}",
        ),
        MailType::SlaBreach => ticket(
            "{{sla.metric_label}} overdue",
            "This ticket has missed its service target. {{sla.metric_label}} was due on {{sla.due_at}}.",
        ),
        MailType::SlaWarning => ticket(
            "{{sla.metric_label}} due soon",
            "This ticket is about to miss its service target. {{sla.metric_label}} is due on {{sla.due_at}}.",
        ),
        MailType::Escalation => ticket(
            "Escalated to level {{escalation.level}}",
            "{{#if actor.name}}{{actor.name}} has escalated this ticket.{{else}}This ticket has been \
             escalated.{{/if}}",
        ),
        MailType::CommentAdded => ticket(
            "{{#if comment.is_internal}}New internal note{{else}}New reply{{/if}}",
            "{{#if comment.is_internal}}{{comment.author}} has left a note for the team.{{else}}{{comment.author}} has \
             replied to {{#if recipient.is_customer}}your request{{else}}this ticket{{/if}}.{{/if}}",
        ),
        MailType::Invitation => Phrases {
            subject: "Welcome to {{brand.name}}",
            headline: "Welcome to {{brand.name}}",
            paragraph: "{{#if actor.name}}{{actor.name}} has invited you{{else}}You have been invited{{/if}} to \
                {{brand.name}}. Choose a password to set up your account. If you did not expect this invitation, you \
                can ignore it.",
            button: "Set up account",
        },
        MailType::PasswordReset => Phrases {
            subject: "Reset your password for {{brand.name}}",
            headline: "Reset your password",
            paragraph: "Somebody, hopefully you, asked for a new password for your account. The button below lets you \
                choose one; it works once. If it was not you, ignore this email: your password stays as it is.",
            button: "Choose a new password",
        },
    }
}
