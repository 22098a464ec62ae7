/** The desk by its API: what a test prepares, and what is really there after. */
import { inject } from 'vitest';
import { tokenOf } from './browser';
import type { PEOPLE } from './server';

type Person = keyof typeof PEOPLE;

interface Ticket {
  id: string;
  ticket_number: string;
  subject: string;
  status: string;
  priority: string;
  category: string | null;
  tags: string[];
  team_id: string | null;
}

interface Comment {
  body: string;
  is_internal: boolean;
}

interface Wanted {
  subject: string;
  tags?: string[];
  /** Who answers; nobody where nothing is said. */
  agent?: Person;
}

export interface Desk {
  ask: <T>(person: Person, method: string, path: string, body?: unknown) => Promise<T>;
  /** A table, as a file. */
  bring: <T>(person: Person, path: string, table: string) => Promise<T>;
  /** A ticket of the demo desk's customer. */
  add: (wanted: Wanted) => Promise<Ticket>;
  ticket: (id: string) => Promise<Ticket>;
  change: (person: Person, id: string, change: Partial<Ticket>) => Promise<Ticket>;
  say: (person: Person, id: string, body: string, isInternal?: boolean) => Promise<Comment>;
  /** All that was said on it, notes too. */
  said: (id: string) => Promise<Comment[]>;
}

export function deskAt(origin: string = inject('origin')): Desk {
  const tokens = new Map<Person, Promise<string>>();
  const token = (person: Person) => {
    const known = tokens.get(person) ?? tokenOf(person, origin);
    tokens.set(person, known);
    return known;
  };
  const send = async <T>(person: Person, method: string, path: string, type: string, body?: string): Promise<T> => {
    const answer = await fetch(`${origin}/api/${path}`, {
      method,
      headers: { Authorization: `Bearer ${await token(person)}`, 'Content-Type': type },
      ...(body === undefined ? {} : { body }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  };
  const ask = <T>(person: Person, method: string, path: string, body?: unknown): Promise<T> =>
    send(person, method, path, 'application/json', body === undefined ? undefined : JSON.stringify(body));
  const idOf = async (person: Person) => (await ask<{ id: string }>(person, 'GET', 'auth/me')).id;
  return {
    ask,
    bring: (person, path, table) => send(person, 'POST', path, 'text/csv', table),
    add: async ({ subject, tags = [], agent }) =>
      ask<Ticket>('admin', 'POST', 'tickets', {
        subject,
        description: `About ${subject}`,
        tags,
        customer_id: await idOf('customer'),
        ...(agent === undefined ? {} : { assigned_agent_id: await idOf(agent) }),
      }),
    ticket: (id) => ask<Ticket>('admin', 'GET', `tickets/${id}`),
    change: (person, id, change) => ask<Ticket>(person, 'PATCH', `tickets/${id}`, change),
    say: (person, id, body, isInternal = false) =>
      ask<Comment>(person, 'POST', `tickets/${id}/comments`, {
        body,
        ...(isInternal ? { is_internal: true } : {}),
      }),
    said: async (id) => (await ask<{ items: Comment[] }>('admin', 'GET', `tickets/${id}/comments`)).items,
  };
}
