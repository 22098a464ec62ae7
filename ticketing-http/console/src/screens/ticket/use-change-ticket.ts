/**
 * Every change of a ticket goes this way: it is shown at once, sent for the version that one looked at, and taken back
 * with the reason where it is refused. What somebody else has changed meanwhile is asked about only where it is the same.
 */
import { useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api, ifVersion, ok } from '../../api/client';
import { outlast } from '../../api/outlast';
import { Problem } from '../../api/problem';
import type { Page, Ticket } from '../../api/types';
import { say } from '../../text';
import { sortErrors } from '../../ui/field-text';
import { reason, toastError } from '../../ui/toast';
import { askForValues, askWhetherBlocked, askWhose, isAttended } from './changes/questions';
import { apply, compare, isEmpty, revert, settle, type Change } from './changes/three-way';
import { ticketPageText } from './text';
import { ticketKey } from './place';

export type { Change } from './changes/three-way';

type Lists = Page<Ticket> | InfiniteData<Page<Ticket>>;

function inPage(page: Page<Ticket>, ticket: Ticket): Page<Ticket> {
  const isOlder = (one: Ticket) => one.id === ticket.id && one.version <= ticket.version;
  if (!page.items.some(isOlder)) return page;
  return { ...page, items: page.items.map((one) => (isOlder(one) ? ticket : one)) };
}

/** Puts a ticket in place wherever it stands. */
function show(queries: QueryClient, ticket: Ticket): void {
  queries.setQueryData<Ticket>(ticketKey(ticket.ticket_number), ticket);
  for (const [key] of queries.getQueriesData({ queryKey: ['tickets'] }))
    outlast(queries, key, () =>
      queries.setQueryData<Lists>(key, (old) => {
        if (old === undefined) return old;
        if ('pages' in old) return { ...old, pages: old.pages.map((page) => inPage(page, ticket)) };
        return 'items' in old ? inPage(old, ticket) : old;
      }),
    );
}

/** What is shown once this is what the server says: what is newer stays, and what is still on its way there is on top. */
export function shownOf(queries: QueryClient, ticket: Ticket): Ticket {
  const shown = queries.getQueryData<Ticket>(ticketKey(ticket.ticket_number));
  if (shown !== undefined && shown.version > ticket.version) return shown;
  return (pending.get(ticket.id) ?? []).reduce(apply, ticket);
}

/** Puts a ticket in place as the server has it now. */
export function showTicket(queries: QueryClient, ticket: Ticket): void {
  show(queries, shownOf(queries, ticket));
}

/** What is on its way, by ticket: one after another, since each is made for the version that the one before has left. */
const pending = new Map<string, Change[]>();
const queues = new Map<string, Promise<unknown>>();
/** What the last change of this page has left, of the tickets changed last. */
const answers = new Map<string, Ticket>();
/** Of one that is forgotten the server says that it has changed, which is one question more. */
const MOST_ANSWERS = 100;

function remember(ticket: Ticket): void {
  answers.delete(ticket.id);
  answers.set(ticket.id, ticket);
  for (const oldest of answers.keys()) {
    if (answers.size <= MOST_ANSWERS) break;
    answers.delete(oldest);
  }
}

export interface HowToChange {
  /** The ticket that one looked at, where that was a while ago: an editor that was open. */
  base?: Ticket;
  /** Hears of a refusal instead of a message. */
  onRefused?: (error: unknown) => void;
}

export function changeTicket(queries: QueryClient, ticket: Ticket, change: Change, how: HowToChange = {}) {
  const base = how.base ?? ticket;
  const shown = queries.getQueryData<Ticket>(ticketKey(ticket.ticket_number)) ?? ticket;
  show(queries, apply(shown, change));
  pending.set(ticket.id, [...(pending.get(ticket.id) ?? []), change]);
  const work = (queues.get(ticket.id) ?? Promise.resolve()).then(() => send(queries, base, change, how));
  queues.set(ticket.id, work);
  void work.then(() => {
    if (queues.get(ticket.id) === work) queues.delete(ticket.id);
  });
  return work;
}

/** Whether it was made. */
async function send(queries: QueryClient, base: Ticket, change: Change, how: HowToChange): Promise<boolean> {
  const ended = () => {
    const left = (pending.get(base.id) ?? []).filter((one) => one !== change);
    if (left.length > 0) pending.set(base.id, left);
    else pending.delete(base.id);
  };
  try {
    const answer = await make(base, change);
    ended();
    remember(answer.ticket);
    showTicket(queries, answer.ticket);
    return answer.isMade;
  } catch (error) {
    ended();
    const shown = queries.getQueryData<Ticket>(ticketKey(base.ticket_number));
    if (shown !== undefined) show(queries, revert(shown, change, base));
    // Nobody knows whether it was made.
    if (error instanceof Problem && (error.status === 0 || error.status >= 500))
      void queries.invalidateQueries({ queryKey: ticketKey(base.ticket_number), exact: true });
    (how.onRefused ?? toastError)(error);
    return false;
  }
}

async function make(from: Ticket, wanted: Change) {
  let [base, change] = [from, wanted];
  let force = false;
  const before = answers.get(base.id);
  let now = before !== undefined && before.version > base.version ? before : base;
  for (;;) {
    if (now.version !== base.version) {
      const found = compare(base, change, now);
      if (found.clashes.length === 0) change = found.rest;
      else if (!isAttended(now.id)) throw new Problem(412, { detail: say(ticketPageText).overtaken });
      else {
        const isMine = await askWhose(now, found);
        if (isMine === undefined) return { ticket: now, isMade: false };
        change = settle(change, found, isMine);
      }
      base = now;
    }
    if (isEmpty(change)) return { ticket: now, isMade: true };
    try {
      return { ticket: await patch(now, change, force), isMade: true };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.isStale) now = await newest(now);
      else if (error.code === 'open_blockers' && !force && isAttended(now.id)) {
        force = await askWhetherBlocked(now, reason(error));
        if (!force) return { ticket: await newest(now), isMade: false };
      } else if (change.status !== undefined && isOfCustomFields(error) && isAttended(now.id)) {
        const values = await askForValues(now, sortErrors(error, error.fields).errors);
        if (values === undefined) return { ticket: await newest(now), isMade: false };
        change = { ...change, custom_fields: { ...change.custom_fields, ...values } };
      } else throw error;
    }
  }
}

/** Whether all that is wrong is what the desk's own fields hold: what has to be filled in before a ticket is resolved. */
function isOfCustomFields(error: Problem): boolean {
  return error.fields.length > 0 && error.fields.every((field) => field.startsWith('custom_fields.'));
}

function patch(ticket: Ticket, change: Change, force: boolean): Promise<Ticket> {
  return ok(
    api.PATCH('/api/tickets/{ticket}', {
      params: { path: { ticket: ticket.id }, header: ifVersion(ticket.version) },
      body: force ? { ...change, ignore_blockers: true } : change,
    }),
  );
}

/** The ticket as it stands on the desk now. */
export function newest({ id }: Pick<Ticket, 'id'>): Promise<Ticket> {
  return ok(api.GET('/api/tickets/{ticket}', { params: { path: { ticket: id } }, cache: 'no-store' }));
}

/** Changes this ticket: `change({ status: 'pending' })` answers whether it was made. */
export function useChangeTicket(ticket: Ticket): (change: Change, how?: HowToChange) => Promise<boolean> {
  const queries = useQueryClient();
  return useCallback((change, how) => changeTicket(queries, ticket, change, how), [queries, ticket]);
}
