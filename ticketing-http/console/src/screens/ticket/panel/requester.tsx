/** Who asks: how to reach them, where they are, and what else they have asked. */
import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../../api/client';
import { usePerson } from '../../../api/people';
import type { Ticket } from '../../../api/types';
import { useFormat } from '../../../format';
import { defineText, useText } from '../../../text';
import { locale } from '../../../text/language';
import { Avatar } from '../../../ui/avatar';
import { useNow } from '../../../ui/time';
import { Load } from './load';
import { Row } from './row';
import { TicketList } from './ticket-list';
import styles from './requester.module.css';

const text = defineText(
  {
    email: 'Email',
    company: 'Company',
    localTime: 'Local time',
    open: 'Open tickets',
    past: 'Their tickets',
    ofCompany: (name: string) => `Lately from ${name}`,
    only: 'This is their only ticket.',
    inactive: 'no longer active',
  },
  {
    email: 'E-Mail',
    company: 'Firma',
    localTime: 'Ortszeit',
    open: 'Offene Tickets',
    past: 'Tickets der Person',
    ofCompany: (name: string) => `Zuletzt von ${name}`,
    only: 'Es ist das einzige Ticket dieser Person.',
    inactive: 'nicht mehr aktiv',
  },
);

/** The newest tickets of somebody; under `tickets`, so that changes are put in place there too. */
export function useTicketsOf(customerId: string | undefined, limit = 5) {
  return useQuery({
    queryKey: ['tickets', 'of', customerId, limit],
    enabled: customerId !== undefined,
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/tickets', {
          params: { query: { customer_id: customerId, sort: '-created_at', limit } },
          signal,
        }),
      ),
  });
}

export function Requester({ ticket }: { ticket: Ticket }) {
  const words = useText(text);
  const { number } = useFormat();
  const id = ticket.customer_id;
  const person = usePerson(id);
  const tickets = useTicketsOf(id, 6);
  const open = useQuery({
    queryKey: ['tickets', 'open-of', id],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/tickets', {
          params: {
            query: {
              customer_id: id,
              status: ['open', 'in_progress', 'pending', 'on_hold'],
              limit: 1,
              count: true,
            },
          },
          signal,
        }),
      ),
  });
  return (
    <Load query={person} lines={3}>
      {(user) => (
        <>
          <div className={styles.person}>
            <Avatar name={user.name} size={32} />
            <div className={styles.name}>
              <strong dir="auto">{user.name}</strong>
              {!user.is_active && <span className={styles.quiet}> ({words.inactive})</span>}
              <a className={styles.mail} href={`mailto:${user.email}`} title={words.email}>
                {user.email}
              </a>
            </div>
          </div>
          {user.time_zone !== null && <LocalTime zone={user.time_zone} />}
          {open.data?.total !== undefined && <Row label={words.open}>{number(open.data.total)}</Row>}
          <h3 className={styles.heading}>{words.past}</h3>
          <Load query={tickets}>
            {(page) => {
              const others = page.items.filter((one) => one.id !== ticket.id).slice(0, 5);
              return others.length === 0 ? (
                <p className={styles.quiet}>{words.only}</p>
              ) : (
                <TicketList tickets={others} />
              );
            }}
          </Load>
          {ticket.organization_id !== null && <Company id={ticket.organization_id} ticket={ticket} />}
        </>
      )}
    </Load>
  );
}

function LocalTime({ zone }: { zone: string }) {
  const words = useText(text);
  const now = useNow();
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale(), { ...options, timeZone: zone }).format(now);
  let time: string;
  try {
    time = format({ weekday: 'short', hour: 'numeric', minute: '2-digit' });
  } catch {
    // A zone that this browser does not know.
    return null;
  }
  return (
    <Row label={words.localTime}>
      {time} <span className={styles.quiet}>{zone.split('/').at(-1)?.replaceAll('_', ' ')}</span>
    </Row>
  );
}

function Company({ id, ticket }: { id: string; ticket: Ticket }) {
  const words = useText(text);
  const company = useQuery({
    queryKey: ['organizations', id],
    queryFn: ({ signal }) => ok(api.GET('/api/organizations/{id}', { params: { path: { id } }, signal })),
  });
  const tickets = useQuery({
    queryKey: ['tickets', 'of-organization', id],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/tickets', { params: { query: { organization_id: id, sort: '-created_at', limit: 12 } }, signal }),
      ),
  });
  return (
    <Load query={company} lines={1}>
      {(organization) => {
        const others = (tickets.data?.items ?? [])
          .filter((one) => one.id !== ticket.id && one.customer_id !== ticket.customer_id)
          .slice(0, 5);
        return (
          <>
            <div className={styles.company}>
              <Row label={words.company}>
                <span dir="auto">{organization.name}</span>
                {organization.domains.length > 0 && (
                  <span className={styles.quiet}> {organization.domains.join(', ')}</span>
                )}
              </Row>
            </div>
            {others.length > 0 && (
              <>
                <h3 className={styles.heading} dir="auto">
                  {words.ofCompany(organization.name)}
                </h3>
                <TicketList tickets={others} />
              </>
            )}
          </>
        );
      }}
    </Load>
  );
}
