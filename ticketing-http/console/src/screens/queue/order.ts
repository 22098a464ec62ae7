/** The order of a list, for what is put into it by hand. */
import { PRIORITIES, STATUSES, type Ticket } from '../../api/types';
import { nextDue } from '../../ui/badge';
import type { SortField } from './view';

function keyOf(ticket: Ticket, field: SortField): number {
  switch (field) {
    case 'created_at':
      return Date.parse(ticket.created_at);
    case 'updated_at':
      return Date.parse(ticket.updated_at);
    case 'priority':
      return PRIORITIES.indexOf(ticket.priority);
    case 'status':
      return STATUSES.indexOf(ticket.status);
    case 'sla_due_at': {
      const due = nextDue(ticket);
      // What nothing was promised of comes last, whichever way one looks.
      return due === undefined ? Infinity : Date.parse(due.at);
    }
  }
}

/** Below zero where `a` comes first. */
export function compare(a: Ticket, b: Ticket, sort: string): number {
  const isDown = sort.startsWith('-');
  const field = sort.replace(/^-/, '') as SortField;
  const [one, other] = [keyOf(a, field), keyOf(b, field)];
  if (one !== other) {
    if (one === Infinity) return 1;
    if (other === Infinity) return -1;
    return isDown ? other - one : one - other;
  }
  const byId = a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  return isDown ? -byId : byId;
}
