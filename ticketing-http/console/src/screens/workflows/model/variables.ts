/** What the texts of rules may ask for. Names that mean the same are offered once. */
import { defineText } from '../../../text';
import type { CustomField } from './catalog';

export const variableText = defineText(
  {
    ticket_number: 'The ticket’s number',
    ticket_url: 'Where the ticket is found',
    subject: 'What it is about',
    description: 'The first message',
    status: 'Its status',
    priority: 'Its priority',
    category: 'Its category',
    tags: 'Its tags',
    channel: 'How it came in',
    escalation_level: 'How often it was escalated',
    created_at: 'When it was made',
    customer_name: 'The requester’s name',
    customer_email: 'The requester’s address',
    customer_id: 'The requester’s id',
    'organization.name': 'The company’s name',
    agent_name: 'The agent’s name',
    'agent.email': 'The agent’s address',
    assigned_agent_id: 'The agent’s id',
    team_name: 'The team’s name',
    team_id: 'The team’s id',
    'comment.body': 'What was said',
    'comment.author': 'Who said it',
    'actor.name': 'Who made the change',
    old: 'What changed, before',
    new: 'What changed, after',
    'rule.name': 'The name of this workflow',
    'ticket.id': 'The ticket’s id',
  },
  {
    ticket_number: 'Nummer des Tickets',
    ticket_url: 'Wo das Ticket zu finden ist',
    subject: 'Betreff',
    description: 'Erste Nachricht',
    status: 'Status',
    priority: 'Priorität',
    category: 'Kategorie',
    tags: 'Schlagwörter',
    channel: 'Wie es hereinkam',
    escalation_level: 'Wie oft es eskaliert wurde',
    created_at: 'Wann es angelegt wurde',
    customer_name: 'Name der anfragenden Person',
    customer_email: 'Adresse der anfragenden Person',
    customer_id: 'ID der anfragenden Person',
    'organization.name': 'Name der Firma',
    agent_name: 'Name der bearbeitenden Person',
    'agent.email': 'Adresse der bearbeitenden Person',
    assigned_agent_id: 'ID der bearbeitenden Person',
    team_name: 'Name des Teams',
    team_id: 'ID des Teams',
    'comment.body': 'Was gesagt wurde',
    'comment.author': 'Wer es gesagt hat',
    'actor.name': 'Wer die Änderung gemacht hat',
    old: 'Der geänderte Wert, vorher',
    new: 'Der geänderte Wert, nachher',
    'rule.name': 'Name dieses Ablaufs',
    'ticket.id': 'ID des Tickets',
  },
);

export interface Variable {
  name: string;
  about: string;
}

export function variables(words: Record<string, string>, custom: readonly CustomField[]): Variable[] {
  const own = custom.filter((field) => field.is_active);
  return [
    ...Object.entries(words).map(([name, about]) => ({ name, about })),
    ...own.map(({ key, label }) => ({ name: `custom_fields.${key}`, about: label })),
  ];
}

/** What only rules can ask for: they know of something that happened. */
const OF_EVENTS = /^(comment|actor|rule)\.|^(old|new)$/;

/** What canned responses and macros may ask for; the agent is whoever uses them. */
export function variablesByHand(words: Record<string, string>, custom: readonly CustomField[]): Variable[] {
  return variables(words, custom).filter(({ name }) => !OF_EVENTS.test(name));
}

/** The beginning of a variable that is being typed right before the caret. */
export function typedVariable(text: string, caret: number): { start: number; query: string } | undefined {
  const found = /\{\{\s*([\w.]*)$/.exec(text.slice(0, caret));
  return found === null ? undefined : { start: found.index, query: found[1] ?? '' };
}

/** The text with a variable in place of what was typed of it, and where the caret goes. */
export function withVariable(
  text: string,
  start: number,
  caret: number,
  name: string,
): { text: string; caret: number } {
  const after = text.slice(caret).replace(/^[\w.]*\s*\}\}/, '');
  const filled = `{{${name}}}`;
  return { text: text.slice(0, start) + filled + after, caret: start + filled.length };
}

export function matching(all: readonly Variable[], query: string): Variable[] {
  const wanted = query.toLowerCase();
  const starts = (one: Variable) => one.name.toLowerCase().startsWith(wanted);
  const has = (one: Variable) => `${one.name} ${one.about}`.toLowerCase().includes(wanted);
  return [...all.filter(starts), ...all.filter((one) => !starts(one) && has(one))];
}
