/**
 * Whether a ticket belongs to a view: the same that the server decides, for what comes by the socket. Undefined where this
 * page can't say, since it does not know all that the desk knows of a ticket, or not who is in which team.
 */
import { PRIORITIES, STATUSES, type Ticket } from '../../api/types';
import { nextDue } from '../../ui/badge';
import { fold } from './fold';
import { matches } from './matches';
import { isAnyEnough, outermost } from './outermost';
import { isSameIn, type Named } from './spelling';
import { all, any, not, type Verdict } from './verdict';
import { customKey, type View } from './view';
import { ALL, type SavedView } from './views';

/** For whom, when, and what is known of the desk's own fields. */
interface Eye {
  me: string;
  now: number;
  custom: readonly Named[] | undefined;
}

type Held = readonly (string | number | boolean)[];

interface Own {
  kind: 'text' | 'texts' | 'id' | 'rank' | 'plain' | 'time';
  values: Held;
}

/** What a ticket holds of a field; undefined where that is not known here. Words that have an order are their place in it. */
function held(ticket: Ticket, field: string): Own | undefined {
  const some = (value: string | number | boolean | null | undefined): Held =>
    value === null || value === undefined || value === '' ? [] : [value];
  switch (field) {
    case 'status':
      return { kind: 'rank', values: [STATUSES.indexOf(ticket.status)] };
    case 'priority':
      return { kind: 'rank', values: [PRIORITIES.indexOf(ticket.priority)] };
    case 'channel':
      return { kind: 'plain', values: [ticket.channel] };
    case 'assigned_agent_id':
    case 'team_id':
    case 'customer_id':
    case 'organization_id':
      return { kind: 'id', values: some(ticket[field]) };
    case 'subject':
    case 'category':
    case 'ticket_number':
      return { kind: 'text', values: some(ticket[field]).map((text) => fold(String(text))) };
    case 'tags':
      return { kind: 'texts', values: ticket.tags.map(fold) };
    case 'is_sla_breached':
      return { kind: 'plain', values: [ticket.is_sla_breached ?? false] };
    case 'escalation_level':
      return ticket.escalation_level === undefined ? undefined : { kind: 'plain', values: [ticket.escalation_level] };
    case 'created_at':
    case 'updated_at':
    case 'first_responded_at':
    case 'resolved_at':
    case 'closed_at':
      return { kind: 'time', values: some(ticket[field]).map((at) => Date.parse(String(at))) };
    case 'sla_due_at':
      return { kind: 'time', values: some(nextDue(ticket)?.at).map((at) => Date.parse(String(at))) };
    default: {
      const key = customKey(field);
      if (key === undefined) return undefined;
      const value: unknown = ticket.custom_fields[key];
      const values = [value].flat().filter((one) => ['string', 'number', 'boolean'].includes(typeof one)) as Held;
      return {
        kind: Array.isArray(value) ? 'texts' : 'text',
        values: values.map((one) => (typeof one === 'string' ? fold(one) : one)),
      };
    }
  }
}

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function durationOf(text: string): number | undefined {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/** The first and the last millisecond that are meant by a moment; a bare date is a day. */
function momentOf(text: string, now: number): readonly [number, number] | undefined {
  const [isNow, sign, ahead] = /^now(?:([+-])(.+))?$/.exec(text) ?? [];
  if (isNow !== undefined) {
    const by = ahead === undefined ? 0 : durationOf(ahead);
    return by === undefined ? undefined : [now + (sign === '-' ? -by : by), now + (sign === '-' ? -by : by)];
  }
  const at = Date.parse(text);
  if (Number.isNaN(at)) return undefined;
  return [at, text.length === 10 ? at + UNIT_MS.d - 1 : at];
}

function leaf(ticket: Ticket, told: Record<string, unknown>, { me, now, custom }: Eye): Verdict {
  const { operator, value } = told;
  const field = String(told['field']).replace(/^ticket\./, '');
  const own = held(ticket, field);
  if (own === undefined) return undefined;
  const { kind, values } = own;
  const isEmpty = values.length === 0;
  const ranks: readonly string[] = field === 'status' ? STATUSES : PRIORITIES;
  /** The ends of what is compared with; one alone is both. */
  const ends = (one: unknown): readonly [string | number | boolean, string | number | boolean] | undefined => {
    if (typeof one === 'number' || typeof one === 'boolean') return [one, one];
    if (typeof one !== 'string' || one === 'my_teams') return undefined;
    if (kind === 'time') return momentOf(one, now);
    const word = kind === 'rank' ? ranks.indexOf(one) : kind.startsWith('text') ? fold(one) : one === 'me' ? me : one;
    return [word, word];
  };
  const hasWord = (key: string, word: string) =>
    any(values.map((held) => typeof held === 'string' && isSameIn(custom, key, held, word)));
  const equals = (one: unknown): Verdict => {
    if (one === null || one === '') return isEmpty;
    const key = customKey(field);
    if (key !== undefined && typeof one === 'string') return hasWord(key, fold(one));
    const between = ends(one);
    return between && values.some((held) => held >= between[0] && held <= between[1]);
  };
  const range = (from: unknown, to: unknown): Verdict => {
    const [low, high] = [ends(from), ends(to)];
    if ((from !== undefined && low === undefined) || (to !== undefined && high === undefined)) return undefined;
    return values.some((held) => (low === undefined || held >= low[0]) && (high === undefined || held <= high[1]));
  };
  const contains = (): Verdict => {
    if (typeof value !== 'string') return false;
    return kind === 'texts' ? equals(value) : values.some((held) => String(held).includes(fold(value)));
  };
  switch (operator) {
    case 'equals':
      return equals(value);
    case 'not_equals':
      return not(equals(value));
    case 'in':
      return Array.isArray(value) ? any(value.map(equals)) : undefined;
    case 'not_in':
      return Array.isArray(value) ? not(any(value.map(equals))) : undefined;
    case 'is_empty':
      return isEmpty;
    case 'is_not_empty':
      return !isEmpty;
    case 'contains':
      return contains();
    case 'not_contains':
      return not(contains());
    case 'starts_with':
      return typeof value === 'string' && values.some((held) => String(held).startsWith(fold(value)));
    // What is after a day is not in it.
    case 'greater_than':
      return all([not(range(undefined, value)), !isEmpty]);
    case 'less_than':
      return all([not(range(value, undefined)), !isEmpty]);
    case 'between':
      return Array.isArray(value) ? range(value[0], value[1]) : undefined;
    case 'older_than': {
      const age = typeof value === 'string' ? durationOf(value) : undefined;
      return age === undefined || kind !== 'time' ? undefined : values.some((held) => Number(held) < now - age);
    }
    default:
      return undefined;
  }
}

function node(ticket: Ticket, told: unknown, eye: Eye): Verdict {
  if (Array.isArray(told)) return all(told.map((part) => node(ticket, part, eye)));
  if (typeof told !== 'object' || told === null) return undefined;
  const one = told as Record<string, unknown>;
  if (Array.isArray(one['all'])) return node(ticket, one['all'], eye);
  if (Array.isArray(one['any'])) return any(one['any'].map((part) => node(ticket, part, eye)));
  if ('not' in one) return not(node(ticket, one['not'], eye));
  return leaf(ticket, one, eye);
}

/** What a view itself asks for. */
export function holds(ticket: Ticket, asked: Pick<SavedView, 'conditions' | 'match'>, eye: Eye): Verdict {
  const verdicts = outermost(asked.conditions).map((part) => node(ticket, part, eye));
  return isAnyEnough(asked) ? any(verdicts) : all(verdicts);
}

/** `custom` are the desk's own fields, once they are known: without them what was renamed is not. */
export function judge(
  ticket: Ticket,
  view: View,
  saved: SavedView | undefined,
  me: string,
  custom: readonly Named[] | undefined,
): Verdict {
  const isFiltered = matches(ticket, view.filters, me, custom);
  if (isFiltered === false || view.ref === ALL) return isFiltered;
  return all([isFiltered, saved && holds(ticket, saved, { me, now: Date.now(), custom })]);
}
