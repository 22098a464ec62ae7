/**
 * A ticket found by its number, or by words of the tickets that are at hand: the API looks up numbers alone, so words
 * are looked for in what this page has seen, and in what the same person has asked or one works on oneself.
 */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../../../api/client';
import { useMe } from '../../../api/session';
import type { Ticket } from '../../../api/types';
import { defineText, useText } from '../../../text';
import { StatusShape } from './shapes';
import { ComboBox, isFound, type ComboOption } from '../../../ui/combo-box';
import { useKnownTickets } from './known';
import { useTicketsOf } from './requester';

const text = defineText(
  {
    find: 'Number, or words of the subject',
    exact: 'By its number',
    same: 'Of the same person',
    own: 'Assigned to you',
    others: 'Seen lately',
  },
  {
    find: 'Nummer oder Wörter des Betreffs',
    exact: 'Mit dieser Nummer',
    same: 'Von derselben Person',
    own: 'Ihnen zugewiesen',
    others: 'Zuletzt gesehen',
  },
);

/** The number or id in what was typed or pasted, also of a whole address. */
export function numberIn(typed: string): string | undefined {
  const last = typed.trim().split('/').at(-1) ?? '';
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(last)) return last.toLowerCase();
  const found = /^(?:TKT-)?([0-9A-Z]{8})$/i.exec(last);
  return found?.[1] === undefined ? undefined : `TKT-${found[1].toUpperCase()}`;
}

/** What is likely to be meant. */
function useOffered(ticket: Ticket | undefined): readonly Ticket[] {
  const me = useMe();
  const same = useTicketsOf(ticket?.customer_id, 20);
  const own = useQuery({
    queryKey: ['tickets', 'own', me.id],
    enabled: ticket === undefined,
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/tickets', {
          params: { query: { assigned_agent_id: me.id, sort: '-updated_at', limit: 20 } },
          signal,
        }),
      ),
  });
  return (ticket === undefined ? own : same).data?.items ?? [];
}

interface Props {
  /** The other ticket is wanted to this one; any is where there is none. */
  ticket?: Ticket;
  label: string;
  /** Not these. */
  without?: readonly string[];
  autoFocus?: boolean;
  onPick: (ticket: Ticket) => void;
  onLeave?: () => void;
}

export function TicketFinder({ ticket, label, without = [], autoFocus = false, onPick, onLeave }: Props) {
  const words = useText(text);
  const [typed, setTyped] = useState('');
  const number = numberIn(typed);
  const known = useKnownTickets();
  const same = useOffered(ticket);
  const { data: exact } = useQuery({
    queryKey: ['ticket', number ?? ''],
    enabled: number !== undefined,
    retry: false,
    queryFn: ({ signal }) =>
      ok(api.GET('/api/tickets/{ticket}', { params: { path: { ticket: number ?? '' } }, signal })),
  });
  const isFit = (one: Ticket) => one.id !== ticket?.id && !without.includes(one.id);
  const isWanted = (one: Ticket) => typed === '' || isFound(`${one.subject} ${one.ticket_number}`, typed);
  const option = (one: Ticket): ComboOption => ({
    id: one.id,
    label: one.subject,
    detail: one.ticket_number,
    icon: <StatusShape status={one.status} />,
  });
  const found = exact !== undefined && number !== undefined && isFit(exact) ? [exact] : [];
  const theirs = same.filter((one) => isFit(one) && isWanted(one) && one.id !== exact?.id).slice(0, 8);
  const others = known()
    .filter(
      (one) => isFit(one) && typed !== '' && isWanted(one) && ![...found, ...theirs].some((two) => two.id === one.id),
    )
    .slice(0, 8);
  const all = [...found, ...theirs, ...others];
  return (
    <ComboBox
      label={label}
      placeholder={words.find}
      autoFocus={autoFocus}
      groups={[
        { title: words.exact, options: found.map(option) },
        { title: ticket === undefined ? words.own : words.same, options: theirs.map(option) },
        { title: words.others, options: others.map(option) },
      ]}
      onType={setTyped}
      onPick={(id) => {
        const picked = all.find((one) => one.id === id);
        if (picked !== undefined) onPick(picked);
      }}
      {...(onLeave === undefined ? {} : { onLeave })}
    />
  );
}
