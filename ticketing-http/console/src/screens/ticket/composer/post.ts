/** How messages get to the desk, and what is told of it. */
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { atBase } from '../../../api/base';
import { api, ok } from '../../../api/client';
import { Problem } from '../../../api/problem';
import { currentSession } from '../../../api/session';
import type { Comment } from '../../../api/types';
import { say } from '../../../text';
import { reason, toast } from '../../../ui/toast';
import { placeComment } from '../conversation/history';
import { changeTicket, newest } from '../use-change-ticket';
import { startOutbox, type Outgoing } from './outbox';
import { composerText } from './text';

/** Browsers carry no more than 64 KiB for a page that has gone. */
const LAST_WORDS = 60_000;

const bodyOf = (one: Outgoing) => ({
  body: one.text,
  is_internal: one.isInternal,
  ...(one.canned?.id === undefined ? {} : { canned_response_id: one.canned.id }),
});

async function post(one: Outgoing): Promise<Comment> {
  try {
    return await ok(
      api.POST('/api/tickets/{ticket}/comments', {
        params: { path: { ticket: one.ticketId }, header: { 'Idempotency-Key': one.id } },
        body: bodyOf(one),
      }),
    );
  } catch (error) {
    // Where it comes of a response that is gone by now, it is said without being counted.
    const isGone = error instanceof Problem && error.body.errors?.every((one) => one.field === 'canned_response_id');
    if (one.canned?.id === undefined || isGone !== true) throw error;
    return post({ ...one, canned: undefined });
  }
}

function sayAtOnce(one: Outgoing): boolean {
  const session = currentSession();
  const body = JSON.stringify(bodyOf(one));
  if (session.state !== 'signed-in' || new Blob([body]).size > LAST_WORDS) return false;
  const headers = {
    Authorization: `Bearer ${session.token}`,
    'Content-Type': 'application/json',
    'Idempotency-Key': one.id,
  };
  // The status is left to the next page: set beside it, it could be there first, and a closed ticket takes no answer.
  fetch(atBase(`api/tickets/${one.ticketId}/comments`), { method: 'POST', keepalive: true, headers, body }).catch(
    () => undefined,
  );
  return true;
}

/** Looks after what is on its way, as long as any page of the desk is there. */
export function usePost(): void {
  const queries = useQueryClient();
  const router = useRouter();
  useEffect(() => startPost(queries, router), [queries, router]);
}

/** The same from outside of a ticket's screen, as other pages may have left something behind. */
export function startPost(queries: QueryClient, router: ReturnType<typeof useRouter>): void {
  void startOutbox({
    sayAtOnce,
    say: post,
    setStatus: async (one, status) => {
      let refusal: { error: unknown } | undefined;
      // What was just said has made another version of the ticket, and rules may have changed more of it.
      await changeTicket(
        queries,
        await newest({ id: one.ticketId }),
        { status },
        {
          onRefused: (error) => {
            refusal = { error };
          },
        },
      );
      if (refusal !== undefined) throw refusal.error;
    },
    onSaid: (one, comment) => {
      const words = say(composerText);
      for (const warning of comment.warnings ?? []) toast(warning.message, { lasts: 12_000 });
      if (comment.ticket_id === one.ticketId) {
        placeComment(queries, one.ticketNumber, comment);
        return;
      }
      const run = () => void router.navigate({ to: '/tickets/$ticket', params: { ticket: comment.ticket_id } });
      toast(words.wentElsewhere, { action: { label: words.open, run }, lasts: 15_000 });
    },
    onStatusFailed: (_one, error) => {
      const words = say(composerText);
      const why = error === undefined ? words.statusLate : reason(error);
      toast(words.statusFailed(why), { tone: 'error', lasts: 15_000 });
    },
  });
}
