/** How conditions read: what is asked for, how, and the words of values. */
import { defineText } from '../text';
import { ticketText } from './badge';

export const conditionText = defineText(
  {
    field: {
      status: 'Status',
      priority: 'Priority',
      subject: 'Subject',
      description: 'Description',
      category: 'Category',
      tags: 'Tags',
      channel: 'Channel',
      assigned_agent_id: 'Agent',
      team_id: 'Team',
      customer_id: 'Requester',
      organization_id: 'Company',
      escalation_level: 'Escalation level',
      is_sla_breached: 'SLA is breached',
      ticket_number: 'Ticket number',
      created_at: 'Created',
      updated_at: 'Updated',
      first_responded_at: 'First answered',
      resolved_at: 'Resolved',
      closed_at: 'Closed',
      wake_at: 'Put off until',
      sla_due_at: 'Next promise due',
      last_customer_reply_at: 'Last customer reply',
      last_status_change_at: 'Last status change',
      'customer.name': 'Requester’s name',
      'customer.email': 'Requester’s address',
      'customer.role': 'Requester’s role',
      'customer.locale': 'Requester’s language',
      'customer.time_zone': 'Requester’s time zone',
      'organization.name': 'Company’s name',
      'organization.domains': 'Company’s mail domains',
      'organization.shares_tickets': 'Company shares tickets',
      'team.name': 'Team’s name',
      'agent.name': 'Agent’s name',
      'agent.email': 'Agent’s address',
      'agent.role': 'Agent’s role',
      'agent.availability': 'Agent’s availability',
      'comment.body': 'Comment',
      'comment.is_internal': 'Comment is a note',
      'comment.author_role': 'Role of the comment’s author',
      'comment.author_id': 'Comment’s author',
      'comment.channel': 'Comment came by',
      'email.is_automatic': 'Mail is automatic',
      'email.is_spam': 'Mail is spam',
      'email.dmarc': 'Mail’s DMARC',
      'actor.role': 'Role of who made the change',
      'actor.name': 'Name of who made the change',
      'actor.id': 'Who made the change',
      old: 'What changed, before',
      new: 'What changed, after',
      business_hours: 'Within working hours',
    },
    hoursSince: (moment: string) => `Hours since: ${moment}`,
    header: (name: string) => `Mail header ${name}`,
    operator: {
      equals: 'is',
      not_equals: 'is not',
      in: 'is one of',
      not_in: 'is none of',
      contains: 'contains',
      not_contains: 'does not contain',
      starts_with: 'starts with',
      matches: 'matches the pattern',
      greater_than: 'is above',
      less_than: 'is below',
      between: 'is between',
      older_than: 'is older than',
      is_empty: 'is empty',
      is_not_empty: 'is not empty',
      changed: 'changed',
      changed_from: 'changed from',
      changed_to: 'changed to',
    },
    after: 'is after',
    before: 'is before',
    role: {
      customer: 'Customer',
      agent: 'Agent',
      manager: 'Manager',
      admin: 'Administrator',
      system: 'The desk itself',
    },
    channel: { web: 'Web', email: 'Email', api: 'API', portal: 'Portal' },
    availability: { online: 'Online', away: 'Away', offline: 'Offline' },
    verdict: { none: 'Unknown', pass: 'Passed', fail: 'Failed' },
    yes: 'yes',
    no: 'no',
    nothing: 'empty',
    nobody: 'nobody',
    not: 'not',
    and: 'and',
    or: 'or',
    all: 'All of these',
    any: 'Any of these',
    notAll: 'Not all of these',
    notAny: 'None of these',
    always: 'No conditions: it always holds.',
    found: (value: string) => `found: ${value}`,
    held: 'Held',
    failed: 'Did not hold',
    unknown: 'Was not looked at',
  },
  {
    field: {
      status: 'Status',
      priority: 'Priorität',
      subject: 'Betreff',
      description: 'Beschreibung',
      category: 'Kategorie',
      tags: 'Schlagwörter',
      channel: 'Kanal',
      assigned_agent_id: 'Bearbeitung',
      team_id: 'Team',
      customer_id: 'Anfragende Person',
      organization_id: 'Firma',
      escalation_level: 'Eskalationsstufe',
      is_sla_breached: 'SLA ist überschritten',
      ticket_number: 'Ticketnummer',
      created_at: 'Angelegt',
      updated_at: 'Geändert',
      first_responded_at: 'Zuerst beantwortet',
      resolved_at: 'Gelöst',
      closed_at: 'Geschlossen',
      wake_at: 'Zurückgestellt bis',
      sla_due_at: 'Nächste Zusage fällig',
      last_customer_reply_at: 'Letzte Antwort des Kunden',
      last_status_change_at: 'Letzter Statuswechsel',
      'customer.name': 'Name der anfragenden Person',
      'customer.email': 'Adresse der anfragenden Person',
      'customer.role': 'Rolle der anfragenden Person',
      'customer.locale': 'Sprache der anfragenden Person',
      'customer.time_zone': 'Zeitzone der anfragenden Person',
      'organization.name': 'Name der Firma',
      'organization.domains': 'Maildomänen der Firma',
      'organization.shares_tickets': 'Firma teilt Tickets',
      'team.name': 'Name des Teams',
      'agent.name': 'Name der bearbeitenden Person',
      'agent.email': 'Adresse der bearbeitenden Person',
      'agent.role': 'Rolle der bearbeitenden Person',
      'agent.availability': 'Verfügbarkeit der bearbeitenden Person',
      'comment.body': 'Kommentar',
      'comment.is_internal': 'Kommentar ist eine Notiz',
      'comment.author_role': 'Rolle des Kommentierenden',
      'comment.author_id': 'Verfasst von',
      'comment.channel': 'Kommentar kam über',
      'email.is_automatic': 'Mail ist automatisch',
      'email.is_spam': 'Mail ist Spam',
      'email.dmarc': 'DMARC der Mail',
      'actor.role': 'Rolle dessen, der ändert',
      'actor.name': 'Name dessen, der ändert',
      'actor.id': 'Geändert durch',
      old: 'Geänderter Wert, vorher',
      new: 'Geänderter Wert, nachher',
      business_hours: 'Innerhalb der Arbeitszeit',
    },
    hoursSince: (moment: string) => `Stunden seit: ${moment}`,
    header: (name: string) => `Mail-Kopfzeile ${name}`,
    operator: {
      equals: 'ist',
      not_equals: 'ist nicht',
      in: 'ist eines von',
      not_in: 'ist keines von',
      contains: 'enthält',
      not_contains: 'enthält nicht',
      starts_with: 'beginnt mit',
      matches: 'passt auf das Muster',
      greater_than: 'ist über',
      less_than: 'ist unter',
      between: 'liegt zwischen',
      older_than: 'ist älter als',
      is_empty: 'ist leer',
      is_not_empty: 'ist nicht leer',
      changed: 'wurde geändert',
      changed_from: 'wurde geändert von',
      changed_to: 'wurde geändert auf',
    },
    after: 'ist nach',
    before: 'ist vor',
    role: {
      customer: 'Kunde',
      agent: 'Agent',
      manager: 'Manager',
      admin: 'Administrator',
      system: 'Das System selbst',
    },
    channel: { web: 'Web', email: 'E-Mail', api: 'API', portal: 'Portal' },
    availability: { online: 'Online', away: 'Abwesend', offline: 'Offline' },
    verdict: { none: 'Unbekannt', pass: 'Bestanden', fail: 'Durchgefallen' },
    yes: 'ja',
    no: 'nein',
    nothing: 'leer',
    nobody: 'niemand',
    not: 'nicht',
    and: 'und',
    or: 'oder',
    all: 'Alle davon',
    any: 'Eines davon',
    notAll: 'Nicht alle davon',
    notAny: 'Keines davon',
    always: 'Keine Bedingungen: Es gilt immer.',
    found: (value: string) => `gefunden: ${value}`,
    held: 'Traf zu',
    failed: 'Traf nicht zu',
    unknown: 'Wurde nicht angesehen',
  },
);

export type ConditionWords = (typeof conditionText)['en'];
export type TicketWords = (typeof ticketText)['en'];

const HOURS = 'hours_since.';
const HEADER = 'email.header.';

/** What a field is called; `labels` are those of the desk's own fields by their keys. */
export function fieldName(
  name: string,
  words: ConditionWords,
  labels: ReadonlyMap<string, string> = new Map(),
): string {
  if (name.startsWith(HOURS)) {
    const moment = name.slice(HOURS.length);
    return words.hoursSince(fieldName(moment, words, labels));
  }
  if (name.startsWith(HEADER)) return words.header(name.slice(HEADER.length));
  if (name.startsWith('custom_fields.')) return labels.get(name.slice('custom_fields.'.length)) ?? name;
  return (words.field as Record<string, string>)[name] ?? name;
}

export function operatorName(operator: string, isMoment: boolean, words: ConditionWords): string {
  if (isMoment && operator === 'greater_than') return words.after;
  if (isMoment && operator === 'less_than') return words.before;
  return (words.operator as Record<string, string>)[operator] ?? operator;
}

/** A value's own word, where the field's values have words. */
export function wordOf(field: string, value: string, words: ConditionWords, ticket: TicketWords): string | undefined {
  const from: Record<string, string> | undefined =
    field === 'status'
      ? ticket.status
      : field === 'priority'
        ? ticket.priority
        : field.endsWith('channel')
          ? words.channel
          : field.endsWith('role')
            ? words.role
            : field === 'agent.availability'
              ? words.availability
              : field === 'email.dmarc'
                ? words.verdict
                : undefined;
  return from?.[value];
}
