/** What a customer sees first: the own tickets, and those that colleagues share. */
import { Link, useRouterState } from '@tanstack/react-router';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronRight, LifeBuoy, Plus } from 'lucide-react';
import { useTitle } from '../../app/desk';
import { api, ok } from '../../api/client';
import { useFollow } from '../../api/follow';
import { rowsOf } from '../../api/rows';
import { useMe } from '../../api/session';
import type { Page, Ticket } from '../../api/types';
import { defineText, useText } from '../../text';
import { StatusBadge } from '../../ui/badge';
import { Button, buttonClass } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { Endless } from '../../ui/endless';
import { Segments } from '../../ui/segments';
import { Skeleton } from '../../ui/skeleton';
import { Ago } from '../../ui/time';
import { reason } from '../../ui/toast';
import { SHOWN, belongs, follow, listKey, type Show, type View } from './place';
import styles from './portal.module.css';

const text = defineText(
  {
    title: 'My tickets',
    show: 'Which tickets',
    open: 'Open',
    solved: 'Solved',
    whose: 'Whose tickets',
    all: 'My company’s',
    mine: 'Mine',
    colleague: 'From a colleague',
    changed: 'Changed',
    newTicket: 'New ticket',
    noneOpen: 'Nothing is open',
    noneOpenBody: 'When something does not work or you have a question, write to us. You see here what becomes of it.',
    noneSolved: 'Nothing has been solved yet',
    noneSolvedBody: 'Tickets come here once they are solved.',
    failed: 'Your tickets could not be loaded',
    retry: 'Try again',
  },
  {
    title: 'Meine Tickets',
    show: 'Welche Tickets',
    open: 'Offen',
    solved: 'Gelöst',
    whose: 'Wessen Tickets',
    all: 'Meine Firma',
    mine: 'Nur meine',
    colleague: 'Von jemandem aus Ihrer Firma',
    changed: 'Geändert',
    newTicket: 'Neues Ticket',
    noneOpen: 'Zurzeit ist nichts offen',
    noneOpenBody:
      'Wenn etwas nicht funktioniert oder Sie eine Frage haben, schreiben Sie uns. Hier sehen Sie, was daraus wird.',
    noneSolved: 'Noch ist nichts gelöst',
    noneSolvedBody: 'Gelöste Tickets erscheinen hier.',
    failed: 'Ihre Tickets konnten nicht geladen werden',
    retry: 'Noch einmal versuchen',
  },
);

export default function Portal() {
  const words = useText(text);
  const me = useMe();
  const search = useRouterState({ select: (state) => state.location.search as { show?: string; whose?: string } });
  const show: Show = search.show === 'solved' ? 'solved' : 'open';
  const isMine = search.whose === 'mine';
  useTitle(words.title);

  const view: View = { show, customerId: isMine ? me.id : undefined };
  const list = useInfiniteQuery({
    queryKey: listKey(view),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }): Promise<Page<Ticket>> =>
      ok(
        api.GET('/api/tickets', {
          params: {
            query: {
              status: SHOWN[show],
              sort: '-updated_at',
              ...(isMine ? { customer_id: 'me' } : {}),
              ...(pageParam === undefined ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  useFollow(follow);

  const tickets = list.data && rowsOf(list.data.pages).filter((ticket) => belongs(view, ticket));
  const isShared = isMine || tickets?.some((ticket) => ticket.customer_id !== me.id) === true;
  const whose = search.whose;

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1 className={styles.title}>{words.title}</h1>
        <div className={styles.views}>
          {(isShared || me.organization_id !== null) && (
            <Segments
              label={words.whose}
              items={[
                { label: words.all, search: { show: search.show, whose: undefined } },
                { label: words.mine, search: { show: search.show, whose: 'mine' } },
              ]}
            />
          )}
          <Segments
            label={words.show}
            items={[
              { label: words.open, search: { whose, show: undefined } },
              { label: words.solved, search: { whose, show: 'solved' } },
            ]}
          />
        </div>
      </header>
      {tickets === undefined ? (
        list.isError ? (
          <Empty title={words.failed} action={<Button onClick={() => void list.refetch()}>{words.retry}</Button>}>
            {reason(list.error)}
          </Empty>
        ) : (
          <div className={styles.list}>
            <Skeleton lines={6} height="2.25rem" />
          </div>
        )
      ) : tickets.length === 0 ? (
        <Empty
          icon={<LifeBuoy size={22} />}
          title={show === 'open' ? words.noneOpen : words.noneSolved}
          action={
            <Link to="/tickets/new" className={buttonClass('primary')}>
              <Plus size={16} />
              {words.newTicket}
            </Link>
          }
        >
          {show === 'open' ? words.noneOpenBody : words.noneSolvedBody}
        </Empty>
      ) : (
        <>
          <ul className={styles.list}>
            {tickets.map((ticket) => (
              <li key={ticket.id}>
                <Row ticket={ticket} isOwn={ticket.customer_id === me.id} />
              </li>
            ))}
          </ul>
          <Endless
            hasMore={list.hasNextPage}
            isBusy={list.isFetchingNextPage}
            isFailed={list.isFetchNextPageError}
            onMore={() => void list.fetchNextPage()}
          />
        </>
      )}
    </div>
  );
}

function Row({ ticket, isOwn }: { ticket: Ticket; isOwn: boolean }) {
  const words = useText(text);
  return (
    <Link to="/tickets/$ticket" params={{ ticket: ticket.ticket_number }} className={styles.row}>
      <span className={styles.subject} dir="auto">
        {ticket.subject}
      </span>
      <span className={styles.about}>
        <span className={styles.number}>{ticket.ticket_number}</span>
        {ticket.category !== null && <span dir="auto">{ticket.category}</span>}
        {!isOwn && <span>{words.colleague}</span>}
      </span>
      <span className={styles.state}>
        <StatusBadge status={ticket.status} />
        <span className={styles.changed}>
          <span className="visually-hidden">{words.changed} </span>
          <Ago at={ticket.updated_at} />
        </span>
      </span>
      <ChevronRight size={16} className={styles.arrow} aria-hidden />
    </Link>
  );
}
