/** The lists that everybody has. */
import type { TicketQuery } from '../../api/types';
import { defineText } from '../../text';

export type QueueId = 'mine' | 'unassigned' | 'breaching' | 'waiting' | 'open' | 'recent';

export interface Queue {
  id: QueueId;
  /** What it asks for, beside what one filters by. */
  filter: TicketQuery;
  sort: string;
}

const unsolved: NonNullable<TicketQuery['status']> = ['open', 'in_progress', 'pending', 'on_hold'];

export const QUEUES: readonly Queue[] = [
  { id: 'mine', filter: { assigned_agent_id: 'me', status: unsolved }, sort: '-updated_at' },
  { id: 'unassigned', filter: { assigned_agent_id: 'none', status: unsolved }, sort: '-created_at' },
  { id: 'breaching', filter: { status: unsolved }, sort: '-priority' },
  { id: 'waiting', filter: { status: ['pending'] }, sort: 'updated_at' },
  { id: 'open', filter: { status: unsolved }, sort: '-created_at' },
  { id: 'recent', filter: {}, sort: '-updated_at' },
];

export const queueText = defineText(
  {
    mine: 'Mine',
    unassigned: 'Unassigned',
    breaching: 'Breaching soon',
    waiting: 'Waiting for the customer',
    open: 'All open',
    recent: 'Recently updated',
  },
  {
    mine: 'Meine',
    unassigned: 'Nicht zugewiesen',
    breaching: 'Bald überfällig',
    waiting: 'Wartet auf den Kunden',
    open: 'Alle offenen',
    recent: 'Zuletzt geändert',
  },
);
