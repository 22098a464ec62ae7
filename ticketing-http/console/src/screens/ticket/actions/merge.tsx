/** Takes a ticket into another one. What that does is shown before, and can be undone after. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { api, ok } from '../../../api/client';
import type { Ticket } from '../../../api/types';
import { useFormat } from '../../../format';
import { defineText, plural, useText } from '../../../text';
import { StatusBadge } from '../../../ui/badge';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { CheckField } from '../../../ui/field';
import { reason, toast, toastError } from '../../../ui/toast';
import { useOnce } from '../../../ui/use-once';
import { usePerson } from '../../../api/people';
import { useTicketsOf } from '../panel/requester';
import { TicketFinder } from '../panel/ticket-finder';
import { useWatchers } from '../panel/watchers';
import { showTicket } from '../use-change-ticket';
import styles from './merge.module.css';
import shared from './actions.module.css';
import { unmerge } from './merged';

const text = defineText(
  {
    title: (number: string) => `Merge ${number} into another ticket`,
    into: 'Into which ticket?',
    others: 'Other tickets of the same person',
    source: 'Will be closed',
    target: 'Continues',
    comments: (n: number) => plural(n, { one: '1 message', other: `${n} messages` }),
    watchers: (n: number) => plural(n, { one: '1 watcher', other: `${n} watchers` }),
    what: 'What happens',
    moves: (from: string, to: string) =>
      `All messages of ${from} move to ${to}, in the order in which they were written.`,
    closes: (from: string, to: string) =>
      `${from} is closed and says that it went to ${to}. What is written to it later lands there.`,
    listen: (to: string) => `Whoever watches it watches ${to} too, where they may see it.`,
    keeps: (to: string) => `${to} keeps its own status, priority, labels and fields.`,
    hides:
      'The two are of different customers or companies. Nobody gets to see anything new: messages that one of them could read become internal notes in the other’s ticket.',
    sees: 'The customer sees all messages in one place.',
    confirm: 'Merge tickets of different customers',
    closed: 'This ticket is closed: nothing can be merged into it.',
    merged: 'This ticket was merged itself: choose the one that it went into.',
    do: 'Merge',
    cancel: 'Cancel',
    change: 'Choose another',
    done: (from: string, to: string) => `${from} was merged into ${to}`,
    undo: 'Undo',
    undone: (number: string) => `${number} stands for itself again`,
  },
  {
    title: (number: string) => `${number} mit einem anderen Ticket zusammenführen`,
    into: 'Mit welchem Ticket?',
    others: 'Andere Tickets derselben Person',
    source: 'Wird geschlossen',
    target: 'Geht weiter',
    comments: (n: number) => plural(n, { one: '1 Nachricht', other: `${n} Nachrichten` }),
    watchers: (n: number) => plural(n, { one: '1 Beobachtende', other: `${n} Beobachtende` }),
    what: 'Was geschieht',
    moves: (from: string, to: string) =>
      `Alle Nachrichten von ${from} kommen zu ${to}, in der Reihenfolge, in der sie geschrieben wurden.`,
    closes: (from: string, to: string) =>
      `${from} wird geschlossen und verweist auf ${to}. Was später dazu geschrieben wird, kommt dort an.`,
    listen: (to: string) => `Wer es beobachtet, beobachtet auch ${to}, soweit er es sehen darf.`,
    keeps: (to: string) => `${to} behält Status, Priorität, Labels und Felder.`,
    hides:
      'Die beiden gehören verschiedenen Kunden oder Firmen. Niemand sieht dadurch Neues: Nachrichten, die der eine lesen konnte, werden im Ticket des anderen zu internen Notizen.',
    sees: 'Der Kunde sieht alle Nachrichten an einer Stelle.',
    confirm: 'Tickets verschiedener Kunden zusammenführen',
    closed: 'Dieses Ticket ist geschlossen: Damit kann nichts zusammengeführt werden.',
    merged: 'Dieses Ticket wurde selbst zusammengeführt: Wählen Sie das, in dem es aufging.',
    do: 'Zusammenführen',
    cancel: 'Abbrechen',
    change: 'Anderes wählen',
    done: (from: string, to: string) => `${from} wurde mit ${to} zusammengeführt`,
    undo: 'Rückgängig',
    undone: (number: string) => `${number} steht wieder für sich`,
  },
);

export function MergeDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const words = useText(text);
  const queries = useQueryClient();
  const once = useOnce();
  const router = useRouter();
  const [target, setTarget] = useState<Ticket>();
  const [isConfirmed, setConfirmed] = useState(false);
  const isOther = target !== undefined && target.customer_id !== ticket.customer_id;
  const refusal =
    target?.merged_into !== undefined ? words.merged : target?.status === 'closed' ? words.closed : undefined;

  const merge = useMutation({
    mutationFn: (into: Ticket) => {
      const path = { ticket: ticket.id };
      const body = { into: into.id, ...(isOther ? { confirm_other_customer: true } : {}) };
      return once(body, (header) => ok(api.POST('/api/tickets/{ticket}/merge', { params: { path, header }, body })));
    },
    onSuccess: async (into) => {
      onClose();
      showTicket(queries, into);
      toast(words.done(ticket.ticket_number, into.ticket_number), {
        action: { label: words.undo, run: () => void undo() },
      });
      await router.navigate({ to: '/tickets/$ticket', params: { ticket: into.ticket_number } });
      await queries.invalidateQueries({ queryKey: ['ticket'] });
    },
  });
  const undo = async () => {
    try {
      const back = await unmerge(queries, ticket);
      toast(words.undone(back.ticket_number));
      await router.navigate({ to: '/tickets/$ticket', params: { ticket: back.ticket_number } });
    } catch (error) {
      toastError(error);
    }
  };

  return (
    <Dialog
      title={words.title(ticket.ticket_number)}
      size="medium"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          {target !== undefined && (
            <Button
              kind="primary"
              busy={merge.isPending}
              disabled={refusal !== undefined || (isOther && !isConfirmed)}
              onClick={() => merge.mutate(target)}
            >
              {words.do}
            </Button>
          )}
        </>
      }
    >
      {target === undefined ? (
        <Choose ticket={ticket} onPick={setTarget} />
      ) : (
        <div className={shared.form}>
          <div className={styles.pair}>
            <Card ticket={ticket} title={words.source} />
            <ArrowRight size={20} className={styles.arrow} />
            <Card ticket={target} title={words.target} />
          </div>
          <Button
            size="small"
            kind="quiet"
            className={styles.change}
            onClick={() => {
              merge.reset();
              setConfirmed(false);
              setTarget(undefined);
            }}
          >
            {words.change}
          </Button>
          {refusal !== undefined ? (
            <p className={shared.warn} role="alert">
              {refusal}
            </p>
          ) : (
            <What ticket={ticket} target={target} />
          )}
          {isOther && refusal === undefined && (
            <CheckField
              label={words.confirm}
              checked={isConfirmed}
              onChange={(event) => setConfirmed(event.target.checked)}
            />
          )}
          {merge.error !== null && (
            <p className={shared.error} role="alert">
              {reason(merge.error)}
            </p>
          )}
        </div>
      )}
    </Dialog>
  );
}

function What({ ticket, target }: { ticket: Ticket; target: Ticket }) {
  const words = useText(text);
  const [from, to] = [ticket.ticket_number, target.ticket_number];
  const isApart = target.customer_id !== ticket.customer_id || target.organization_id !== ticket.organization_id;
  return (
    <div>
      <h3>{words.what}</h3>
      <ul className={styles.what}>
        <li>{words.moves(from, to)}</li>
        <li>{words.closes(from, to)}</li>
        <li>{words.listen(to)}</li>
        <li>{words.keeps(to)}</li>
        {!isApart && <li>{words.sees}</li>}
      </ul>
      {isApart && <p className={shared.warn}>{words.hides}</p>}
    </div>
  );
}

function Choose({ ticket, onPick }: { ticket: Ticket; onPick: (ticket: Ticket) => void }) {
  const words = useText(text);
  const { date } = useFormat();
  const same = useTicketsOf(ticket.customer_id, 20).data?.items ?? [];
  const others = same.filter((one) => one.id !== ticket.id && one.status !== 'closed').slice(0, 6);
  return (
    <div className={shared.form}>
      <div className={styles.find}>
        <p className={styles.label}>{words.into}</p>
        <TicketFinder ticket={ticket} label={words.into} onPick={onPick} />
      </div>
      {others.length > 0 && (
        <div>
          <h3 className={styles.label}>{words.others}</h3>
          <ul className={shared.presets}>
            {others.map((one, at) => (
              <li key={one.id}>
                <button type="button" className={shared.preset} autoFocus={at === 0} onClick={() => onPick(one)}>
                  <StatusBadge status={one.status} />
                  <span className={styles.subject} dir="auto">
                    {one.subject}
                  </span>
                  <time dateTime={one.created_at}>{date(one.created_at)}</time>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function Card({ ticket, title }: { ticket: Ticket; title: string }) {
  const words = useText(text);
  const { date } = useFormat();
  const person = usePerson(ticket.customer_id).data;
  const watchers = useWatchers(ticket).data;
  const comments = useQuery({
    queryKey: ['ticket', ticket.ticket_number, 'comments', 'count'],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/tickets/{ticket}/comments', {
          params: { path: { ticket: ticket.id }, query: { limit: 1, count: true } },
          signal,
        }),
      ),
  }).data?.total;
  return (
    <div className={styles.card}>
      <span className={styles.role}>{title}</span>
      <strong dir="auto" className={styles.cardSubject}>
        {ticket.subject}
      </strong>
      <span className={styles.meta}>
        {ticket.ticket_number} · {date(ticket.created_at)}
      </span>
      <StatusBadge status={ticket.status} />
      <span className={styles.meta} dir="auto">
        {person?.name}
      </span>
      <span className={styles.meta}>
        {[
          comments === undefined ? undefined : words.comments(comments),
          watchers === undefined ? undefined : words.watchers(watchers.items.length),
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </div>
  );
}
