/** The order of a list, for what is put into it by hand. */
import { PRIORITIES, STATUSES, type Ticket } from '../../api/types';
import { nextDue } from '../../ui/badge';
import { fold } from './fold';
import { customKey } from './view';

/** So much of a text is compared. */
const BEGINNING = 40;

/** Nothing where a ticket has no place of its own in this order. */
function keyOf(ticket: Ticket, field: string): number | string | undefined {
  switch (field) {
    case 'created_at':
    case 'updated_at':
      return Date.parse(ticket[field]);
    case 'priority':
      return PRIORITIES.indexOf(ticket.priority);
    case 'status':
      return STATUSES.indexOf(ticket.status);
    case 'sla_due_at': {
      const due = nextDue(ticket);
      return due && Date.parse(due.at);
    }
    default: {
      const held: unknown = ticket.custom_fields[customKey(field) ?? ''];
      if (typeof held === 'number') return held;
      return typeof held === 'string' && held !== '' ? Array.from(fold(held)).slice(0, BEGINNING).join('') : undefined;
    }
  }
}

/** Below zero where `a` comes first. */
export function compare(a: Ticket, b: Ticket, sort: string): number {
  const isDown = sort.startsWith('-');
  const field = sort.replace(/^-/, '');
  const [one, other] = [keyOf(a, field), keyOf(b, field)];
  if (one !== other) {
    // What has none comes last, whichever way one looks.
    if (one === undefined) return 1;
    if (other === undefined) return -1;
    return one < other === isDown ? 1 : -1;
  }
  const byId = a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  return isDown ? -byId : byId;
}
