/**
 * A ticket found by its number, or by words of the tickets that are at hand: the API looks up numbers alone, so words
 * are looked for in what this page has seen and in what the same person has asked.
 */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../../../api/client';
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
    others: 'Seen lately',
  },
  {
    find: 'Nummer oder Wörter des Betreffs',
    exact: 'Mit dieser Nummer',
    same: 'Von derselben Person',
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

interface Props {
  ticket: Ticket;
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
  const same = useTicketsOf(ticket.customer_id, 20).data?.items ?? [];
  const { data: exact } = useQuery({
    queryKey: ['ticket', number ?? ''],
    enabled: number !== undefined,
    retry: false,
    queryFn: ({ signal }) =>
      ok(api.GET('/api/tickets/{ticket}', { params: { path: { ticket: number ?? '' } }, signal })),
  });
  const isFit = (one: Ticket) => one.id !== ticket.id && !without.includes(one.id);
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
        { title: words.same, options: theirs.map(option) },
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
