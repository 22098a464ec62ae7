//! French.

use super::{Happened, Labels, MailKind, OF_RULE, Phrases, Words};
use crate::mail::MailType;

pub(super) const WORDS: Words = Words {
    tag: "fr",
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    moment: "{day} {month} {year} à {time} ({zone})",
    statuses: ["Ouvert", "En cours", "En attente de réponse", "En suspens", "Résolu", "Clos"],
    priorities: ["Basse", "Moyenne", "Haute", "Critique"],
    metrics: ["Première réponse", "Prochaine réponse", "Résolution"],
    label: Labels {
        number: "Ticket",
        status: "Statut",
        priority: "Priorité",
        category: "Catégorie",
        customer: "Client",
        agent: "Agent",
        team: "Équipe",
        due: "Échéance",
        reason: "Motif",
        address: "Adresse",
        valid_until: "Valable jusqu’au",
    },
    greeting: "Bonjour {{recipient.name}},",
    wrote: "{{comment.author}} a écrit",
    noted: "Note interne de {{comment.author}}",
    asked: "{{customer_name}} a écrit",
    why_ticket: "{{#if recipient.is_customer}}Vous recevez cet e-mail en raison d’une demande adressée à \
        {{brand.name}}.{{else}}Vous recevez cet e-mail parce que ce ticket vous concerne chez {{brand.name}}.{{/if}}",
    why_account: "Vous recevez cet e-mail en raison de votre compte chez {{brand.name}}.",
    stop: "Ne plus recevoir d’e-mails sur ce ticket",
    more: "{count} nouveautés antérieures ne sont pas affichées ici.",
    more_late: "Et {count} de plus.",
    happened: Happened {
        created: "Demande ouverte",
        assigned: "Attribué à {name}",
        unassigned: "Attribution retirée",
        status: "Statut modifié de «\u{a0}{old}\u{a0}» à «\u{a0}{new}\u{a0}»",
        commented: "Nouvelle réponse",
        noted: "Nouvelle note interne",
        mentioned: "Vous avez été cité dans un commentaire",
        escalated: "Escaladé au niveau {level}",
        warned: "{metric}\u{a0}: échéance proche",
        breached: "{metric}\u{a0}: échéance dépassée",
    },
    awake: ["Le ticket {number} vous attend de nouveau", "Il avait été reporté jusqu’à maintenant : {subject}"],
    phrases,
};

fn phrases(kind: MailKind) -> Phrases {
    let ticket = |headline, paragraph| Phrases { subject: "", headline, paragraph, button: "Voir le ticket" };
    match kind {
        MailKind::Type(kind) => of_type(kind),
        MailKind::Digest => ticket(
            "{{count}} nouveautés",
            "Voici ce qui s’est passé {{#if recipient.is_customer}}pour votre demande{{else}}sur ce ticket{{/if}} \
             depuis notre dernier e-mail.",
        ),
        MailKind::LateNews => Phrases {
            subject: "Nouvelles tardives de tickets ({{count}})",
            headline: "Nouvelles tardives de tickets",
            paragraph: "Certaines choses n’ont pas pu être annoncées à temps, parce que le service était à l’arrêt \
                ou qu’un délai a été promis après coup. Les voici réunies.",
            button: "Voir les tickets",
        },
        MailKind::Workflow => OF_RULE,
        MailKind::WorkflowDisabled => Phrases {
            subject: "Une règle a été désactivée\u{a0}: {{workflow.name}}",
            headline: "Une règle a été désactivée",
            paragraph: "La règle {{workflow.name}} a fait à plusieurs reprises plus que ce que les règles peuvent faire \
                sur un ticket\u{a0}; elle n’est plus appliquée. Sans doute se déclenche-t-elle elle-même ou \
                répond-elle à une autre règle. Modifiez ses conditions avant de la réactiver.",
            button: "Voir la règle",
        },
        MailKind::WebhookDisabled => Phrases {
            subject: "Un webhook a été désactivé\u{a0}: {{webhook.name}}",
            headline: "Un webhook a été désactivé",
            paragraph: "Le webhook {{webhook.name}} échoue depuis trop longtemps et n’est plus appelé. Ce qui devait \
                être livré est conservé et pourra être renvoyé dès que le webhook sera rétabli.",
            button: "Voir le webhook",
        },
    }
}

fn of_type(kind: MailType) -> Phrases {
    let ticket = |headline, paragraph| Phrases { subject: "", headline, paragraph, button: "Voir le ticket" };
    match kind {
        MailType::TicketCreated => ticket(
            "{{#if recipient.is_customer}}Nous avons bien reçu votre demande{{else}}Nouveau ticket{{/if}}",
            "{{#if recipient.is_customer}}Merci de nous avoir contactés. Votre demande porte le numéro \
             {{ticket_number}}\u{a0}; nous vous répondrons dès que possible. Vous pouvez la suivre et la compléter à tout \
             moment.{{else}}{{customer_name}} a ouvert un nouveau ticket.{{/if}}",
        ),
        MailType::TicketAssigned => ticket(
            "{{#if recipient.is_assignee}}Un ticket vous est attribué{{else if agent_name}}{{agent_name}} s’en \
             occupe{{else if team_name}}Confié à l’équipe {{team_name}}{{else}}Plus attribué{{/if}}",
            "{{#if recipient.is_assignee}}{{#if actor.name}}{{actor.name}} vous a attribué ce ticket.\
             {{else}}Ce ticket vous a été attribué.{{/if}}{{else if agent_name}}{{agent_name}} s’occupe désormais de \
             {{#if recipient.is_customer}}votre demande{{else}}ce ticket{{/if}}.{{else if team_name}}L’équipe \
             {{team_name}} s’occupe désormais de {{#if recipient.is_customer}}votre demande{{else}}ce \
             ticket{{/if}}.{{else}}Ce ticket n’est attribué à personne pour le moment.{{/if}}",
        ),
        MailType::StatusChanged => ticket(
            "Statut\u{a0}: {{new_label}}",
            "Le statut de {{#if recipient.is_customer}}votre demande{{else}}ce ticket{{/if}} est passé de \
             «\u{a0}{{old_label}}\u{a0}» à «\u{a0}{{new_label}}\u{a0}».{{#if recipient.is_customer}}{{#if is_resolved}} S’il reste un \
             point à régler, faites-le-nous savoir.{{/if}}{{/if}}",
        ),
        MailType::SlaBreach => ticket(
            "{{sla.metric_label}}\u{a0}: échéance dépassée",
            "Ce ticket a manqué un engagement de service\u{a0}: {{sla.metric_label}}, attendue le {{sla.due_at}}.",
        ),
        MailType::SlaWarning => ticket(
            "{{sla.metric_label}}\u{a0}: échéance proche",
            "Ce ticket va bientôt manquer un engagement de service\u{a0}: {{sla.metric_label}}, attendue le \
             {{sla.due_at}}.",
        ),
        MailType::Escalation => ticket(
            "Escaladé au niveau {{escalation.level}}",
            "{{#if actor.name}}{{actor.name}} a escaladé ce ticket.{{else}}Ce ticket a été escaladé.{{/if}}",
        ),
        MailType::CommentAdded => ticket(
            "{{#if comment.is_internal}}Nouvelle note interne{{else}}Nouvelle réponse{{/if}}",
            "{{#if comment.is_internal}}{{comment.author}} a laissé une note pour l’équipe.{{else}}{{comment.author}} a \
             répondu à {{#if recipient.is_customer}}votre demande{{else}}ce ticket{{/if}}.{{/if}}",
        ),
        MailType::Invitation => Phrases {
            subject: "Bienvenue chez {{brand.name}}",
            headline: "Bienvenue chez {{brand.name}}",
            paragraph: "{{#if actor.name}}{{actor.name}} vous invite{{else}}Vous êtes invité(e){{/if}} chez \
                {{brand.name}}. Choisissez un mot de passe pour créer votre compte. Si vous n’attendiez pas cette \
                invitation, vous pouvez l’ignorer.",
            button: "Créer mon compte",
        },
        MailType::PasswordReset => Phrases {
            subject: "Réinitialisation de votre mot de passe pour {{brand.name}}",
            headline: "Réinitialiser votre mot de passe",
            paragraph: "Quelqu’un, sans doute vous, a demandé un nouveau mot de passe pour votre compte. Le bouton \
                ci-dessous permet d’en choisir un\u{a0}; il fonctionne une seule fois. Si ce n’était pas vous, ignorez cet \
                e-mail\u{a0}: votre mot de passe reste inchangé.",
            button: "Choisir un nouveau mot de passe",
        },
    }
}
