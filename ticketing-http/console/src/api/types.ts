/** The names of the wire contract, as the server's own description has them. */
import type { components, paths } from './schema.gen';

export type Schemas = components['schemas'];
export type Ticket = Schemas['Ticket'];
export type Comment = Schemas['Comment'];
export type User = Schemas['User'];
export type Organization = Schemas['Organization'];
export type Team = Schemas['Team'];
export type Status = Schemas['Status'];
export type Priority = Schemas['Priority'];
export type Role = Schemas['Role'];
export type Availability = Schemas['Availability'];
export type Notification = Schemas['Notification'];
export type TicketQuery = NonNullable<paths['/api/tickets']['get']['parameters']['query']>;

export const STATUSES = ['open', 'in_progress', 'pending', 'on_hold', 'resolved', 'closed'] as const satisfies Status[];
export const PRIORITIES = ['low', 'medium', 'high', 'critical'] as const satisfies Priority[];

/** A page of a list. */
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
  total?: number;
}
