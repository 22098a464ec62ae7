/** What happened, in words. */
import { PRIORITIES, STATUSES } from '../../../api/types';
import { dateTime } from '../../../format';
import { say } from '../../../text';
import { ticketText } from '../../../ui/badge';
import { happeningText } from './happening-text';
import type { Happening } from './history';

/** Names of people and teams by their ids. */
export type Names = (id: string) => string | undefined;

type Changes = Record<string, [unknown, unknown]>;

const string = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(string) : []);

export function changesOf(happening: Happening): Changes {
  const changes = happening.data['changes'];
  return typeof changes === 'object' && changes !== null ? (changes as Changes) : {};
}

/** Ids of people and teams whose names it takes to say it. */
export function idsIn(happening: Happening): { people: string[]; teams: string[] } {
  const changes = changesOf(happening);
  const people = [changes['assigned_agent_id']?.[1], happening.data['user_id']].map(string);
  return { people: people.filter(Boolean), teams: [string(changes['team_id']?.[1])].filter(Boolean) };
}

/** One sentence for each thing that changed. */
export function describe(happening: Happening, names: Names): string[] {
  const words = say(happeningText);
  const { actor, data } = happening;
  const who =
    happening.rule != null ? words.rule : actor.role === 'system' || actor.name === '' ? words.desk : actor.name;
  const whom = names(string(data['user_id'])) ?? words.somebody;
  const reason = string(data['reason']);
  switch (happening.type) {
    case 'ticket.escalated':
      return [words.escalated(who, string(data['level']), reason)];
    case 'sla.warning':
      return [words.slaWarning(metric(data['metric']), dateTime(string(data['due_at'])))];
    case 'sla.breached':
      return [words.slaBreached(metric(data['metric']), dateTime(string(data['due_at'])))];
    case 'watcher.added':
      return [data['user_id'] === actor.id ? words.watchesSelf(who) : words.watches(who, whom)];
    case 'watcher.removed':
      return [words.unwatches(who, whom)];
    case 'ticket.merged':
      return [data['target_id'] === happening.ticket_id ? words.mergedIn(who) : words.mergedAway(who)];
    case 'ticket.unmerged':
      return [words.unmerged(who)];
    case 'ticket.split':
      return [words.split(who)];
    case 'link.added':
      return [words.linked(who)];
    case 'link.removed':
      return [words.unlinked(who)];
    case 'mail.failed':
      return [words.mailFailed(whom, reason)];
    case 'mail.held':
      return [words.mailHeld(whom, reason.replace(/^held back: /, ''))];
    default: {
      const told = Object.entries(changesOf(happening)).flatMap(([field, change]) =>
        changed(who, field, change, actor.id, names),
      );
      return told.length > 0 ? told : [words.other(who)];
    }
  }
}

function metric(value: unknown): string {
  const words = say(ticketText).sla;
  return value === 'next_response'
    ? words.next_response
    : value === 'resolution'
      ? words.resolution
      : words.first_response;
}

/** Moments that follow from the status. */
const FOLLOWS = new Set(['resolved_at', 'closed_at', 'first_responded_at']);

function changed(
  who: string,
  field: string,
  [old, now]: [unknown, unknown],
  actor: string | null | undefined,
  names: Names,
): string[] {
  const words = say(happeningText);
  const ticket = say(ticketText);
  if (FOLLOWS.has(field)) return [];
  switch (field) {
    case 'status': {
      const status = STATUSES.find((one) => one === now);
      return [words.status(who, status === undefined ? string(now) : ticket.status[status])];
    }
    case 'priority': {
      const priority = PRIORITIES.find((one) => one === now);
      return [words.priority(who, priority === undefined ? string(now) : ticket.priority[priority])];
    }
    case 'assigned_agent_id':
      if (now === null) return [words.unassigned(who)];
      return [now === actor ? words.took(who) : words.assigned(who, names(string(now)) ?? words.somebody)];
    case 'team_id':
      return [words.team(who, now === null ? words.noTeam : (names(string(now)) ?? '…'))];
    case 'subject':
      return [words.subject(who, string(now))];
    case 'description':
      return [words.description(who)];
    case 'category':
      return [now === null ? words.noCategory(who) : words.category(who, string(now))];
    case 'tags': {
      const [before, after] = [strings(old), strings(now)];
      const added = after.filter((tag) => !before.includes(tag)).join(', ');
      const gone = before.filter((tag) => !after.includes(tag)).join(', ');
      return [added !== '' ? words.tagged(who, added) : '', gone !== '' ? words.untagged(who, gone) : ''].filter(
        Boolean,
      );
    }
    case 'wake_at':
      return [now === null ? words.woke(who) : words.snoozed(who, dateTime(string(now)))];
    case 'escalation_level':
      return [words.level(who, string(now))];
    default:
      return [words.field(who, field.replace(/^custom_fields\./, ''))];
  }
}
