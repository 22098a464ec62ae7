/** What one is told of, as a grid: kinds down, relations across, a box for each channel. */
import type { Role, Schemas } from '../../api/types';

export type Preferences = Schemas['NotificationPreferences'];
export type Kind = keyof Preferences;
export type Relation = keyof Preferences[Kind];
export type Channel = Preferences[Kind][Relation][number];

export const CHANNELS: readonly Channel[] = ['in_app', 'email'];

const KINDS: readonly Kind[] = [
  ...(['ticket_created', 'ticket_assigned', 'status_changed', 'comment_added'] as const),
  ...(['mention', 'escalation', 'sla_warning', 'sla_breach'] as const),
];
/** What customers never hear of is nothing that they could wish for. */
const CUSTOMER: readonly Kind[] = ['ticket_created', 'status_changed', 'comment_added', 'mention'];

export function shownFor(role: Role): { kinds: readonly Kind[]; relations: readonly Relation[] } {
  return role === 'customer'
    ? { kinds: CUSTOMER, relations: ['own', 'watched'] }
    : { kinds: KINDS, relations: ['own', 'team', 'watched'] };
}

export function toggled(now: Preferences, kind: Kind, relation: Relation, channel: Channel): Preferences {
  const old = now[kind][relation];
  const next = CHANNELS.filter((one) => (one === channel ? !old.includes(one) : old.includes(one)));
  return { ...now, [kind]: { ...now[kind], [relation]: next } };
}
