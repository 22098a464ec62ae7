//! Spanish.

use super::{Happened, Labels, MailKind, OF_RULE, Phrases, Words};
use crate::mail::MailType;

pub(super) const WORDS: Words = Words {
    tag: "es",
    months: [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    moment: "{day} de {month} de {year}, {time} ({zone})",
    statuses: ["Abierto", "En curso", "Pendiente de respuesta", "En espera", "Resuelto", "Cerrado"],
    priorities: ["Baja", "Media", "Alta", "Crítica"],
    metrics: ["Primera respuesta", "Siguiente respuesta", "Resolución"],
    label: Labels {
        number: "Ticket",
        status: "Estado",
        priority: "Prioridad",
        category: "Categoría",
        customer: "Cliente",
        agent: "Agente",
        team: "Equipo",
        due: "Vence",
        reason: "Motivo",
        address: "Dirección",
        valid_until: "Válido hasta",
    },
    greeting: "Hola, {{recipient.name}}:",
    wrote: "{{comment.author}} escribió",
    noted: "Nota interna de {{comment.author}}",
    asked: "{{customer_name}} escribió",
    why_ticket: "{{#if recipient.is_customer}}Recibe este correo por una solicitud a {{brand.name}}.\
        {{else}}Recibe este correo porque este ticket le concierne en {{brand.name}}.{{/if}}",
    why_account: "Recibe este correo por su cuenta en {{brand.name}}.",
    stop: "No recibir más correos sobre este ticket",
    more: "{count} novedades anteriores no se muestran aquí.",
    more_late: "Y {count} más.",
    happened: Happened {
        created: "Solicitud abierta",
        assigned: "Asignado a {name}",
        unassigned: "Asignación retirada",
        status: "El estado ha cambiado de «{old}» a «{new}»",
        commented: "Nueva respuesta",
        noted: "Nueva nota interna",
        mentioned: "Le han mencionado en un comentario",
        escalated: "Escalado al nivel {level}",
        warned: "{metric}: vence pronto",
        breached: "{metric}: vencida",
    },
    awake: ["El ticket {number} te espera de nuevo", "Estaba aplazado hasta ahora: {subject}"],
    phrases,
};

fn phrases(kind: MailKind) -> Phrases {
    let ticket = |headline, paragraph| Phrases { subject: "", headline, paragraph, button: "Ver el ticket" };
    match kind {
        MailKind::Type(kind) => of_type(kind),
        MailKind::Digest => ticket(
            "{{count}} novedades",
            "Esto es lo que ha ocurrido con {{#if recipient.is_customer}}su solicitud{{else}}este ticket{{/if}} desde \
             nuestro último correo.",
        ),
        MailKind::LateNews => Phrases {
            subject: "Novedades tardías de tickets ({{count}})",
            headline: "Novedades tardías de tickets",
            paragraph: "Algunas cosas no se pudieron comunicar en su momento, porque el servicio estaba parado o algo \
                se prometió después. Aquí están todas juntas.",
            button: "Ver los tickets",
        },
        MailKind::Workflow => OF_RULE,
        MailKind::WorkflowDisabled => Phrases {
            subject: "Se ha desactivado una regla: {{workflow.name}}",
            headline: "Se ha desactivado una regla",
            paragraph: "La regla {{workflow.name}} ha hecho una y otra vez más de lo que las reglas pueden hacer en un \
                ticket y ya no se aplica. Probablemente se activa a sí misma o responde a otra regla. Cambie sus \
                condiciones antes de volver a activarla.",
            button: "Ver la regla",
        },
        MailKind::WebhookDisabled => Phrases {
            subject: "Se ha desactivado un webhook: {{webhook.name}}",
            headline: "Se ha desactivado un webhook",
            paragraph: "El webhook {{webhook.name}} lleva demasiado tiempo fallando y ya no se llama. Lo que debía \
                entregarse se conserva y podrá enviarse de nuevo cuando el webhook vuelva a funcionar.",
            button: "Ver el webhook",
        },
    }
}

fn of_type(kind: MailType) -> Phrases {
    let ticket = |headline, paragraph| Phrases { subject: "", headline, paragraph, button: "Ver el ticket" };
    match kind {
        MailType::TicketCreated => ticket(
            "{{#if recipient.is_customer}}Hemos recibido su solicitud{{else}}Nuevo ticket{{/if}}",
            "{{#if recipient.is_customer}}Gracias por escribirnos. Su solicitud tiene el número {{ticket_number}}; le \
             responderemos lo antes posible. Puede consultarla y completarla en cualquier \
             momento.{{else}}{{customer_name}} ha abierto un nuevo ticket.{{/if}}",
        ),
        MailType::TicketAssigned => ticket(
            "{{#if recipient.is_assignee}}Se le ha asignado un ticket{{else if agent_name}}{{agent_name}} se ocupa de \
             ello{{else if team_name}}En manos del equipo {{team_name}}{{else}}Sin asignar{{/if}}",
            "{{#if recipient.is_assignee}}{{#if actor.name}}{{actor.name}} le ha asignado este ticket.\
             {{else}}Se le ha asignado este ticket.{{/if}}{{else if agent_name}}{{agent_name}} se ocupa ahora de \
             {{#if recipient.is_customer}}su solicitud{{else}}este ticket{{/if}}.{{else if team_name}}El equipo \
             {{team_name}} se ocupa ahora de {{#if recipient.is_customer}}su solicitud{{else}}este \
             ticket{{/if}}.{{else}}Este ticket no está asignado a nadie por ahora.{{/if}}",
        ),
        MailType::StatusChanged => ticket(
            "Estado: {{new_label}}",
            "El estado de {{#if recipient.is_customer}}su solicitud{{else}}este ticket{{/if}} ha cambiado de \
             «{{old_label}}» a «{{new_label}}».{{#if recipient.is_customer}}{{#if is_resolved}} Si queda algo \
             pendiente, háganoslo saber.{{/if}}{{/if}}",
        ),
        MailType::SlaBreach => ticket(
            "{{sla.metric_label}}: vencida",
            "Este ticket ha incumplido un compromiso de servicio: {{sla.metric_label}}, prevista para el \
             {{sla.due_at}}.",
        ),
        MailType::SlaWarning => ticket(
            "{{sla.metric_label}}: vence pronto",
            "Este ticket está a punto de incumplir un compromiso de servicio: {{sla.metric_label}}, prevista para el \
             {{sla.due_at}}.",
        ),
        MailType::Escalation => ticket(
            "Escalado al nivel {{escalation.level}}",
            "{{#if actor.name}}{{actor.name}} ha escalado este ticket.{{else}}Este ticket se ha escalado.{{/if}}",
        ),
        MailType::CommentAdded => ticket(
            "{{#if comment.is_internal}}Nueva nota interna{{else}}Nueva respuesta{{/if}}",
            "{{#if comment.is_internal}}{{comment.author}} ha dejado una nota para el \
             equipo.{{else}}{{comment.author}} ha respondido a {{#if recipient.is_customer}}su \
             solicitud{{else}}este ticket{{/if}}.{{/if}}",
        ),
        MailType::Invitation => Phrases {
            subject: "Le damos la bienvenida a {{brand.name}}",
            headline: "Le damos la bienvenida a {{brand.name}}",
            paragraph: "{{#if actor.name}}{{actor.name}} le ha invitado{{else}}Ha recibido una invitación{{/if}} a \
                {{brand.name}}. Elija una contraseña para crear su cuenta. Si no esperaba esta invitación, puede \
                ignorarla.",
            button: "Crear mi cuenta",
        },
        MailType::PasswordReset => Phrases {
            subject: "Restablecer su contraseña de {{brand.name}}",
            headline: "Restablecer su contraseña",
            paragraph: "Alguien, esperamos que usted, ha pedido una nueva contraseña para su cuenta. Con el botón de \
                abajo puede elegirla; funciona una sola vez. Si no ha sido usted, ignore este correo: su contraseña no \
                cambia.",
            button: "Elegir una contraseña nueva",
        },
    }
}
