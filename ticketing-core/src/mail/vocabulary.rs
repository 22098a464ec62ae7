//! Which values each mail has.

use super::{MailKind, MailType};
use crate::template::Vocabulary;

/// The values that templates of this mail may ask for.
pub fn vocabulary(kind: MailKind) -> Vocabulary {
    let all = Vocabulary::new()
        .text("recipient.name", "Who reads the mail.")
        .text("recipient.is_customer", "Whether a customer reads it.")
        .text("recipient.is_staff", "Whether somebody who works here reads it.")
        .text("recipient.is_assignee", "Whether the ticket's agent reads it.")
        .text("brand.name", "What the desk is called in mails.")
        .text("brand.colour", "The brand's colour, such as #1f4f8f.")
        .text("brand.text_colour", "Black or white, whichever is read more easily on the brand's colour.")
        .text("brand.edge_colour", "The brand's colour, or grey where that is hardly seen on white.")
        .text("brand.logo_url", "The brand's logo, where there is one.")
        .text("brand.footer", "What stands below each mail, where there is something.")
        .text("brand.url", "Where the desk is found.")
        .text("link", "Where the button leads.")
        .text("unsubscribe_url", "Where the reader stops such mails, where that is possible.");
    let all = if kind.is_of_ticket() { ticket(all) } else { all };
    match kind {
        MailKind::Type(kind) => of_type(all, kind),
        MailKind::Digest => entries(all),
        MailKind::LateNews => late_news(all),
        MailKind::WorkflowDisabled => all.text("workflow.name", "What the rule is called."),
        MailKind::Workflow => all
            .text("mail.subject", "The rule's subject.")
            .text("mail.body", "The rule's text.")
            .text("mail.beginning", "How the rule's text begins."),
        MailKind::WebhookDisabled => all
            .text("webhook.name", "What the webhook is called.")
            .text("webhook.url", "Where the webhook leads.")
            .text("webhook.reason", "Why the webhook was switched off."),
    }
}

fn of_type(all: Vocabulary, kind: MailType) -> Vocabulary {
    match kind {
        MailType::TicketCreated | MailType::TicketAssigned | MailType::StatusChanged => all,
        MailType::CommentAdded => comment(all),
        MailType::Escalation => all
            .text("escalation.level", "How often the ticket was escalated.")
            .text("escalation.reason", "Why it was escalated."),
        MailType::SlaBreach | MailType::SlaWarning => all
            .text("sla.metric", "What was promised: first_response, next_response or resolution.")
            .text("sla.metric_label", "The same in the reader's language.")
            .text("sla.due_at", "When the promised time is over."),
        MailType::Invitation | MailType::PasswordReset => all
            .text("actor.name", "Who asked for it, where that was somebody else.")
            .text("expires_at", "Until when the link works."),
    }
}

fn comment(all: Vocabulary) -> Vocabulary {
    all.text("comment.author", "Who wrote the comment.")
        .text("comment.body", "The comment.")
        .text("comment.is_internal", "Whether it is a note among staff.")
        .text("comment.created_at", "When it was written.")
}

fn entries(all: Vocabulary) -> Vocabulary {
    let entry = Vocabulary::new()
        .text("headline", "What happened, in short.")
        .text("actor", "Who did it; empty where the desk itself acted.")
        .text("at", "When.");
    all.text("count", "How many things happened.")
        .text("more_text", "A sentence that some are left out, where that is so.")
        .list("entries", "What happened, oldest first.", comment(entry))
}

fn late_news(all: Vocabulary) -> Vocabulary {
    let entry = Vocabulary::new()
        .text("ticket_number", "The ticket's number.")
        .text("subject", "What the ticket is about.")
        .text("ticket_url", "Where the ticket is looked at.")
        .text("headline", "What happened, in short.")
        .text("at", "When.");
    all.text("count", "How many things happened.")
        .text("more_text", "A sentence that some are left out, where that is so.")
        .list("entries", "What happened, oldest first.", entry)
}

fn ticket(all: Vocabulary) -> Vocabulary {
    let flat = [
        ("ticket_number", "The ticket's number."),
        ("subject", "What the ticket is about."),
        ("description", "The customer's first message."),
        ("status", "Where the ticket stands, as a word such as in_progress."),
        ("status_label", "The same in the reader's language."),
        ("priority", "How much it matters, as a word such as high."),
        ("priority_label", "The same in the reader's language."),
        ("category", "The kind of question."),
        ("assigned_agent_id", "Who answers: the id."),
        ("agent_name", "Who answers."),
        ("customer_id", "Who asks: the id."),
        ("customer_name", "Who asks."),
        ("customer_email", "The address of who asks."),
        ("team_name", "Whose queue it is in."),
        ("ticket_url", "Where the ticket is looked at."),
        ("created_at", "When the ticket was made."),
    ];
    let mut all = all;
    for (name, about) in flat {
        all = all.text(name, about).text(&format!("ticket.{name}"), about);
    }
    for before in ["", "ticket."] {
        all = all
            .texts(&format!("{before}tags"), "Short labels of the ticket.")
            .open(&format!("{before}custom_fields"), "The desk's own fields, each under its key.");
    }
    all.text("customer.id", "Who asks: the id.")
        .text("customer.name", "Who asks.")
        .text("customer.email", "The address of who asks.")
        .text("agent.id", "Who answers: the id.")
        .text("agent.name", "Who answers.")
        .text("team.id", "Whose queue it is in: the id.")
        .text("team.name", "Whose queue it is in.")
        .text("actor.name", "Who did it; empty where the desk itself acted.")
        .text("old", "Where the ticket stood before, where that changed.")
        .text("old_label", "The same in the reader's language.")
        .text("new", "Where the ticket stands now, where that changed.")
        .text("new_label", "The same in the reader's language.")
        .text("is_resolved", "Whether the ticket is resolved or closed.")
}
