/** The lists that everybody has. */
import { defineText } from '../../text';

export type QueueId = 'mine' | 'unassigned' | 'breaching' | 'waiting' | 'open' | 'recent';

/** What a list is filtered by: parameters of `GET /api/tickets`, several values of one with commas between them. */
export type Filters = Readonly<Partial<Record<string, string>>>;

export interface Queue {
  id: QueueId;
  /** What it asks for, beside what one filters by. */
  filter: Filters;
  /** It shows what is late, or due within this time. */
  dueWithinMs?: number;
  sort: string;
}

const unsolved = 'open,in_progress,pending,on_hold';

export const QUEUES: readonly Queue[] = [
  { id: 'mine', filter: { assigned_agent_id: 'me', status: unsolved }, sort: '-updated_at' },
  { id: 'unassigned', filter: { assigned_agent_id: 'none', status: unsolved }, sort: '-created_at' },
  { id: 'breaching', filter: { status: unsolved }, dueWithinMs: 4 * 3_600_000, sort: 'sla_due_at' },
  { id: 'waiting', filter: { status: 'pending' }, sort: 'updated_at' },
  { id: 'open', filter: { status: unsolved }, sort: '-created_at' },
  { id: 'recent', filter: {}, sort: '-updated_at' },
];

/** What a queue asks for at a moment. */
export function filterAt(queue: Queue, now: number): Filters {
  if (queue.dueWithinMs === undefined) return queue.filter;
  return { ...queue.filter, sla_due_to: new Date(now + queue.dueWithinMs).toISOString() };
}

export const queueText = defineText(
  {
    mine: 'Mine',
    unassigned: 'Unassigned',
    breaching: 'Breaching soon',
    waiting: 'Waiting on customer',
    open: 'All open',
    recent: 'Recently updated',
  },
  {
    mine: 'Meine',
    unassigned: 'Nicht zugewiesen',
    breaching: 'Bald überfällig',
    waiting: 'Wartet auf Kunden',
    open: 'Alle offenen',
    recent: 'Zuletzt geändert',
  },
);
