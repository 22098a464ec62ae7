import { useQuery } from '@tanstack/react-query';
import { Copy } from 'lucide-react';
import { api, ok } from '../../../api/client';
import { useMe } from '../../../api/session';
import type { Ticket } from '../../../api/types';
import { useFormat } from '../../../format';
import { defineText, useText } from '../../../text';
import { Button } from '../../../ui/button';
import { copy } from '../../../ui/copy';
import { Row } from './row';
import styles from './facts.module.css';

const text = defineText(
  {
    number: 'Number',
    created: 'Created',
    updated: 'Updated',
    responded: 'First answer',
    resolved: 'Resolved',
    closed: 'Closed',
    channel: 'Came by',
    id: 'Id',
    mails: 'Emails',
    version: 'Version',
    channels: { web: 'Web', email: 'Email', api: 'API', portal: 'Portal' },
    copy: 'Copy the id',
    copied: 'Copied',
    atLeast: (n: number) => `${n} or more`,
  },
  {
    number: 'Nummer',
    created: 'Angelegt',
    updated: 'Geändert',
    responded: 'Erste Antwort',
    resolved: 'Gelöst',
    closed: 'Geschlossen',
    channel: 'Eingang',
    id: 'Id',
    mails: 'E-Mails',
    version: 'Version',
    channels: { web: 'Web', email: 'E-Mail', api: 'API', portal: 'Portal' },
    copy: 'Id kopieren',
    copied: 'Kopiert',
    atLeast: (n: number) => `${n} oder mehr`,
  },
);

/** What the desk itself notes of a ticket. */
export function Facts({ ticket }: { ticket: Ticket }) {
  const words = useText(text);
  const me = useMe();
  const { dateTime, number } = useFormat();
  const mails = useQuery({
    queryKey: ['ticket', ticket.ticket_number, 'mails', 'count'],
    enabled: me.role !== 'customer',
    queryFn: async ({ signal }) =>
      ok(
        api.GET('/api/tickets/{ticket}/mails', {
          params: { path: { ticket: ticket.id }, query: { limit: 100 } },
          signal,
        }),
      ),
  });
  const count = mails.data?.items.length;
  const moments: [string, string | null][] = [
    [words.created, ticket.created_at],
    [words.updated, ticket.updated_at],
    [words.responded, ticket.first_responded_at],
    [words.resolved, ticket.resolved_at],
    [words.closed, ticket.closed_at],
  ];
  return (
    <>
      <Row label={words.number}>{ticket.ticket_number}</Row>
      {moments.map(
        ([label, at]) =>
          at !== null && (
            <Row key={label} label={label}>
              {dateTime(at)}
            </Row>
          ),
      )}
      <Row label={words.channel}>{words.channels[ticket.channel]}</Row>
      {count !== undefined && (
        <Row label={words.mails}>{mails.data?.next_cursor != null ? words.atLeast(count) : number(count)}</Row>
      )}
      <Row label={words.version}>{number(ticket.version)}</Row>
      <Row label={words.id}>
        <span className={styles.id}>
          <code>{ticket.id}</code>
          <Button
            size="small"
            label={words.copy}
            icon={<Copy size={14} />}
            onClick={() => void copy(ticket.id, words.copied)}
          />
        </span>
      </Row>
    </>
  );
}
