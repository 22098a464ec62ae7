/**
 * What happens, as it happens. One connection a page, opened while somebody is signed in. After a while without one,
 * `reconnected` says that what is shown may be old: it is asked for anew.
 */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { Socket } from 'socket.io-client';
import { basePath } from './base';
import { api, ok } from './client';
import { beganAt, currentSession, onSession, refresh, token } from './session';
import type { Availability, Comment, Notification, Ticket } from './types';

export interface TicketEvent {
  event_id: string;
  at: string;
  type?: string;
  ticket: Ticket;
  actor: { id?: string; name?: string; role?: string } | null;
  changes?: Record<string, [unknown, unknown]>;
  data?: Record<string, unknown>;
  comment?: Comment;
}

export interface LiveEvents {
  /** Any event of a ticket, whatever its name. */
  ticket: TicketEvent & { name: string };
  new_comment: TicketEvent & { comment: Comment };
  user_typing: { ticket_id: string; user_id: string; name: string; is_typing: boolean; is_internal?: boolean };
  viewers: { ticket_id: string; users: { id: string; name: string }[] };
  presence: { user_id: string; availability: Availability; is_connected: boolean };
  notification: Notification & { unread_count: number };
  unread_count: { unread_count: number };
  /** Tickets that were changed between what was asked for first and the first connection. */
  missed: readonly Ticket[];
  /** The connection is there again after a while without: what one shows may be old. */
  reconnected: undefined;
}

const TICKET_EVENTS = [
  'ticket_created',
  'ticket_updated',
  'ticket_assigned',
  'ticket_status_changed',
  'new_comment',
  'ticket_escalated',
  'sla_breach',
] as const;
const OTHER_EVENTS = ['user_typing', 'viewers', 'presence', 'notification', 'unread_count'] as const;

type Listener = (event: never) => void;
const listeners = new Map<keyof LiveEvents, Set<Listener>>();

function tell<K extends keyof LiveEvents>(name: K, event: LiveEvents[K]): void {
  for (const listener of [...(listeners.get(name) ?? [])]) (listener as (event: LiveEvents[K]) => void)(event);
}

/** Hears of an event while the component is there. */
export function useLive<K extends keyof LiveEvents>(name: K, listener: (event: LiveEvents[K]) => void): void {
  const newest = useRef(listener);
  useEffect(() => {
    newest.current = listener;
  });
  useEffect(() => on(name, (event) => newest.current(event)), [name]);
}

export function on<K extends keyof LiveEvents>(name: K, listener: (event: LiveEvents[K]) => void): () => void {
  const those = listeners.get(name) ?? new Set();
  listeners.set(name, those);
  those.add(listener);
  return () => those.delete(listener);
}

export type Connection = 'connecting' | 'connected' | 'away';

let socket: Socket | undefined;
let connection: Connection = 'connecting';
/** Events that came lately: around a reconnect one may come twice. */
const heard = new Set<string>();
/** Tickets that one looks at, and how many components do. */
const watched = new Map<string, number>();
/** Tickets in a list, of which one hears who looks at them. */
let listed: readonly string[] = [];
const connectionListeners = new Set<() => void>();

function setConnection(next: Connection): void {
  if (connection === next) return;
  connection = next;
  for (const listener of [...connectionListeners]) listener();
}

/** Whether the page hears what happens. */
export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      connectionListeners.add(listener);
      return () => connectionListeners.delete(listener);
    },
    () => connection,
  );
}

/** Looks at a ticket: viewers and typing are told of those alone. */
export function useWatching(ticketId: string | undefined): void {
  useEffect(() => {
    if (ticketId === undefined) return;
    const count = watched.get(ticketId) ?? 0;
    watched.set(ticketId, count + 1);
    if (count === 0) socket?.emit('subscribe_ticket', ticketId);
    return () => {
      const left = (watched.get(ticketId) ?? 1) - 1;
      if (left > 0) {
        watched.set(ticketId, left);
        return;
      }
      watched.delete(ticketId);
      socket?.emit('unsubscribe_ticket', ticketId);
    };
  }, [ticketId]);
}

/** Hears who looks at these tickets, and of no others than before in a list. */
export function watchViewers(ticketIds: readonly string[]): void {
  if (ticketIds.length === 0 && listed.length === 0) return;
  listed = ticketIds;
  socket?.emit('watch_viewers', ticketIds);
}

export function sayTyping(ticketId: string, isTyping: boolean, isInternal: boolean): void {
  socket?.emit('typing', { ticket_id: ticketId, is_typing: isTyping, is_internal: isInternal });
}

/** Says whether one takes work; rejects where nobody hears it. */
export async function sayAvailability(availability: Availability): Promise<void> {
  if (socket?.connected !== true) throw new Error('not connected');
  const answer = (await socket.timeout(5_000).emitWithAck('set_availability', { availability })) as { ok: boolean };
  if (!answer.ok) throw new Error('refused');
}

function hear(name: string, event: TicketEvent): void {
  if (heard.has(event.event_id)) return;
  heard.add(event.event_id);
  if (heard.size > 2_000) for (const oldest of heard) if (heard.size > 1_000) heard.delete(oldest);
  tell('ticket', { ...event, name });
  if (event.comment !== undefined) tell('new_comment', { ...event, comment: event.comment });
}

/** A change of this age may have been on its way to the store when the page asked for the first time. */
const SPARE_MS = 2_000;

/**
 * What was asked for before the first connection may have changed before it was heard of: one question tells which
 * tickets did. Usually none.
 */
async function catchUp(): Promise<void> {
  const since = beganAt();
  if (since === undefined) return;
  const from = new Date(since - SPARE_MS).toISOString();
  const query = { updated_from: from, sort: '-updated_at', limit: 100 };
  const { items, next_cursor } = await ok(api.GET('/api/tickets', { params: { query } }));
  if (next_cursor !== null) tell('reconnected', undefined);
  else if (items.length > 0) tell('missed', items);
}

/** Asked anew after waiting: another call may have been quicker. */
function isOpen(): boolean {
  return socket !== undefined;
}

async function open(): Promise<void> {
  const { io } = await import('socket.io-client');
  const session = currentSession();
  if (isOpen() || session.state !== 'signed-in') return;
  const one = io(location.origin, {
    path: `${basePath()}/socket.io`,
    transports: ['websocket'],
    auth: (give) => {
      void token()
        .catch(() => undefined)
        .then((bearer) => give({ token: bearer }));
    },
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
  });
  socket = one;
  let wasThere = false;
  for (const name of TICKET_EVENTS) one.on(name, (event: TicketEvent) => hear(name, event));
  for (const name of OTHER_EVENTS) one.on(name, (event: LiveEvents[typeof name]) => tell(name, event as never));
  one.on('ready', () => {
    setConnection('connected');
    for (const ticket of watched.keys()) one.emit('subscribe_ticket', ticket);
    if (listed.length > 0) one.emit('watch_viewers', listed);
    if (wasThere) tell('reconnected', undefined);
    else catchUp().catch(() => tell('reconnected', undefined));
    wasThere = true;
  });
  one.on('resync', () => tell('reconnected', undefined));
  one.on('disconnect', (why) => {
    setConnection('away');
    // The token that it was opened with has ended: come again with the next one.
    if (why === 'io server disconnect')
      void refresh().then(
        (bearer) => bearer !== undefined && one.connect(),
        () => one.connect(),
      );
  });
  one.on('connect_error', () => {
    setConnection('away');
    // A refused token is not tried again by the client itself.
    if (!one.active)
      setTimeout(
        () =>
          void refresh().then(
            (bearer) => bearer !== undefined && one.connect(),
            () => one.connect(),
          ),
        1_000,
      );
  });
}

function close(): void {
  socket?.disconnect();
  socket = undefined;
  heard.clear();
  setConnection('connecting');
}

/** Connects while somebody is signed in. Once, at the start of the page. */
export function startLive(): void {
  const follow = () => {
    const { state } = currentSession();
    if (state === 'signed-in' && !isOpen()) void open().catch(() => setConnection('away'));
    // The sign-in had ended, and with it the connection; it does not come again by itself.
    else if (state === 'signed-in' && socket?.active === false) socket.connect();
    if (state === 'signed-out') close();
  };
  onSession(follow);
  follow();
}
