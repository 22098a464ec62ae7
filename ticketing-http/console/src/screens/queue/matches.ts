/** Whether a ticket belongs to a list: the same that the server decides, for what comes by the socket. */
import type { Ticket } from '../../api/types';
import { nextDue } from '../../ui/badge';
import { fold } from './fold';
import { isSameIn, type Named } from './spelling';
import { all, any, type Verdict } from './verdict';
import { customKey, valuesOf, type Filters } from './view';

const DAY = 24 * 3_600_000;

function isAnyOf(values: readonly string[], held: string | null): boolean {
  return values.includes(held ?? 'none');
}

function isWordOf(values: readonly string[], held: readonly string[]): boolean {
  const known = held.map(fold);
  return values.some((value) => known.includes(fold(value)));
}

/** Both ends belong to a range; a bare date as its end includes that day. */
function isFrom(value: string, at: string | undefined): boolean {
  return at !== undefined && Date.parse(at) >= Date.parse(value);
}

function isTo(value: string, at: string | undefined): boolean {
  if (at === undefined) return false;
  const end = Date.parse(value);
  return value.length === 10 ? Date.parse(at) < end + DAY : Date.parse(at) <= end;
}

function isCustom(
  key: string,
  values: readonly string[],
  held: unknown,
  custom: readonly Named[] | undefined,
): Verdict {
  if (typeof held === 'number') return values.some((value) => Number(value) === held);
  if (typeof held === 'boolean') return isWordOf(values, [String(held)]);
  const texts = [held].flat().filter((one) => typeof one === 'string');
  return any(texts.flatMap((text) => values.map((value) => isSameIn(custom, key, fold(text), fold(value)))));
}

/** `me` is the id of whoever looks; `custom` are the desk's own fields, once they are known. */
export function matches(ticket: Ticket, filters: Filters, me: string, custom: readonly Named[] | undefined): Verdict {
  const verdicts = Object.entries(filters).map(([name, value]): Verdict => {
    if (value === undefined || value === '') return true;
    const values = valuesOf(value).map((one) => (one === 'me' ? me : one));
    switch (name) {
      case 'status':
      case 'priority':
      case 'channel':
      case 'assigned_agent_id':
      case 'team_id':
      case 'customer_id':
      case 'organization_id':
        return isAnyOf(values, ticket[name]);
      case 'category':
        return ticket.category !== null && isWordOf(values, [ticket.category]);
      case 'tag':
        return isWordOf(values, ticket.tags);
      case 'is_sla_breached':
        return values.includes(String(ticket.is_sla_breached ?? false));
      case 'created_from':
        return isFrom(value, ticket.created_at);
      case 'created_to':
        return isTo(value, ticket.created_at);
      case 'updated_from':
        return isFrom(value, ticket.updated_at);
      case 'updated_to':
        return isTo(value, ticket.updated_at);
      case 'sla_due_from':
        return isFrom(value, nextDue(ticket)?.at);
      case 'sla_due_to':
        return isTo(value, nextDue(ticket)?.at);
      default: {
        const key = customKey(name);
        return key === undefined || isCustom(key, values, ticket.custom_fields[key], custom);
      }
    }
  });
  return all(verdicts);
}
