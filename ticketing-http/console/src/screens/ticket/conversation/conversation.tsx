/** All that was said, and what happened between; from the newest back. */
import { useQuery } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { ArrowDown } from 'lucide-react';
import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState, type Ref } from 'react';
import { api, ok } from '../../../api/client';
import { useLive } from '../../../api/live';
import { useMe } from '../../../api/session';
import type { Ticket } from '../../../api/types';
import { useCommands } from '../../../keys/commands';
import { useFormat } from '../../../format';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { Skeleton } from '../../../ui/skeleton';
import { useNow } from '../../../ui/time';
import { reason } from '../../../ui/toast';
import { useOutbox } from '../composer/outbox';
import { Changes } from './changes';
import styles from './conversation.module.css';
import type { History } from './history';
import { Message, type Said } from './message';
import { useNames } from './names';
import { Pending } from './pending';
import { compose, isTold } from './rows';
import { conversationText } from './text';
import { View, useView } from './view';

/** How many messages and changes are drawn at first, and with each step back. */
const STEP = 60;
/** Below this many pixels from the end one is at the end. */
const NEAR = 48;

export interface ConversationHandle {
  toNewest: () => void;
}

interface Props {
  ticket: Ticket;
  history: History;
  /** Who asks. */
  customer: string | undefined;
  onQuote: (said: Said) => void;
  /** A message came back to be written anew. */
  onBack: (isNote: boolean) => void;
  ref: Ref<ConversationHandle>;
}

export function Conversation({ ticket, history, customer, onQuote, onBack, ref }: Props) {
  const me = useMe();
  const words = useText(conversationText);
  const isStaff = me.role !== 'customer';
  const number = ticket.ticket_number;
  const [view, setView] = useView();
  const scroller = useRef<HTMLDivElement>(null);
  const [most, setMost] = useState(STEP);
  const [arrived, setArrived] = useState(0);
  const [isAway, setAway] = useState(false);
  const [news, setNews] = useState({ count: 0, text: '' });
  const { comments, happenings, hasOlder, isLoading, loadOlder } = history;

  const toNewest = useCallback(() => {
    scroller.current?.scrollTo({ top: 0 });
    setArrived(0);
  }, []);
  useImperativeHandle(ref, () => ({ toNewest }), [toNewest]);

  const told = useMemo(
    () => (view === 'messages' ? [] : happenings.filter((one) => isTold(one, isStaff))),
    [happenings, view, isStaff],
  );
  const names = useNames(comments, told, isStaff);
  const day = useDay();
  const { rows, left } = useMemo(
    () => compose({ comments, happenings: told, day: day.key, most }),
    [comments, told, day.key, most],
  );
  const isWhole = !hasOlder && left === 0 && !history.isPending;
  const outgoing = useOutbox(ticket.id).filter(
    // The socket may be quicker than the answer.
    (one) =>
      one.state === 'waiting' ||
      !comments
        .slice(0, 5)
        .some(
          (said) => said.author.id === me.id && said.body === one.text && Date.parse(said.created_at) > one.writtenAt,
        ),
  );

  const more = () => {
    if (isLoading) return;
    setMost((now) => now + STEP);
    if (left < STEP && hasOlder) loadOlder();
  };
  const anchor = usePointedAt(
    rows.some((row) => row.kind === 'message' && `comment-${row.key}` === location.hash.slice(1)),
    isWhole,
    more,
    { isBusy: history.isPending || isLoading || history.error != null, drawn: rows.length },
  );

  // What comes is drawn beside what is there, not instead of its beginning.
  useLive('ticket', (event) => {
    if (event.ticket.id === ticket.id) setMost((now) => now + 1);
  });
  useLive('new_comment', (event) => {
    if (event.ticket.id !== ticket.id || event.type === 'comment.edited' || event.comment.author.id === me.id) return;
    setNews(({ count }) => ({ count: count + 1, text: words.came(event.comment.author.name) }));
    if (isAway) setArrived((count) => count + 1);
  });

  const step = (by: 1 | -1) => {
    const all = [...(scroller.current?.querySelectorAll<HTMLElement>('[data-message]') ?? [])];
    const at = all.findIndex((one) => one.contains(document.activeElement));
    const next = at < 0 ? all.at(-1) : all[at + by];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: 'nearest' });
  };
  useCommands([
    { id: 'ticket.next', group: words.group, title: words.next, keys: ['j'], run: () => step(1) },
    { id: 'ticket.previous', group: words.group, title: words.previous, keys: ['k'], run: () => step(-1) },
    {
      id: 'ticket.view',
      group: words.group,
      title: words.toggle,
      keys: ['h'],
      run: () => setView(view === 'all' ? 'messages' : 'all'),
    },
  ]);

  const files = useDescriptionFiles(ticket, comments.length > 0 || !history.isPending);
  const opener: Said = {
    anchor: 'description',
    author: { id: ticket.customer_id, name: customer ?? words.customer, role: 'customer' },
    body: ticket.description,
    is_internal: false,
    channel: ticket.channel,
    created_at: ticket.created_at,
    attachments: files,
  };
  const firstDay = rows[0]?.kind === 'day' ? day.key(rows[0].at) : undefined;
  const openedOn = day.key(ticket.created_at);

  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroller}
        role="region"
        aria-label={words.title}
        tabIndex={0}
        onScroll={(event) => {
          const isNow = event.currentTarget.scrollTop < -NEAR;
          setAway(isNow);
          if (!isNow) setArrived(0);
        }}
      >
        <div className={styles.thread}>
          {isStaff && <View value={view} onChange={setView} />}
          {history.error != null && (
            <div className={styles.failure} role="alert">
              <p>
                {words.failed} {reason(history.error)}
              </p>
              <Button size="small" onClick={history.retry}>
                {words.retry}
              </Button>
            </div>
          )}
          {isWhole || (history.error != null && !history.isOlderMissing) ? (
            <>
              {openedOn !== firstDay && <Day at={ticket.created_at} label={day.name(ticket.created_at)} />}
              {openedOn === firstDay && rows[0]?.kind === 'day' && <Day at={rows[0].at} label={day.name(rows[0].at)} />}
              <Message said={opener} number={number} onQuote={onQuote} isPointedAt={anchor === 'description'} />
            </>
          ) : history.isPending ? (
            <Skeleton lines={8} />
          ) : (
            history.error == null && (
              <Earlier key={`${rows.length} ${isLoading}`} isBusy={isLoading} onMore={more} label={words.earlier} />
            )
          )}
          {rows.map((row, at) => {
            if (row.kind === 'day')
              return at === 0 && isWhole && openedOn === firstDay ? null : (
                <Day key={row.key} at={row.at} label={day.name(row.at)} />
              );
            if (row.kind === 'changes') return <Changes key={row.key} happenings={row.happenings} names={names} />;
            return (
              <Message
                key={row.key}
                said={saidOf(row.comment)}
                number={number}
                isContinued={row.isContinued}
                isPointedAt={anchor === `comment-${row.key}`}
                onQuote={onQuote}
              />
            );
          })}
          {outgoing.map((one) => (
            <Pending key={one.id} one={one} onBack={onBack} />
          ))}
        </div>
      </div>
      {isAway && (
        <Button size="small" className={styles.pill} icon={<ArrowDown size={14} />} onClick={toNewest}>
          {arrived > 0 ? words.arrived(arrived) : words.newest}
        </Button>
      )}
      <p className="visually-hidden" aria-live="polite">
        {/* The same words again are news only where they stand anew. */}
        <span key={news.count}>{news.text}</span>
      </p>
    </div>
  );
}

/** A comment is the same message as long as it is the same comment. */
const known = new WeakMap<object, Said>();
function saidOf(comment: History['comments'][number]): Said {
  let said = known.get(comment);
  if (said === undefined) known.set(comment, (said = { ...comment, anchor: `comment-${comment.id}`, comment }));
  return said;
}

function Day({ at, label }: { at: string; label: string }) {
  const format = useFormat();
  return (
    <div className={styles.day} role="separator" aria-label={label}>
      <time dateTime={format.isoDate(at)}>{label}</time>
    </div>
  );
}

/** The calendar of whoever reads. */
function useDay(): { key: (at: string) => string; name: (at: string) => string } {
  const words = useText(conversationText);
  const format = useFormat();
  const now = useNow(60_000);
  const [today, yesterday] = [format.date(now), format.date(now - 24 * 3_600_000)];
  return useMemo(
    () => ({
      key: (at) => format.date(at),
      name: (at) => {
        const day = format.date(at);
        return day === today ? words.today : day === yesterday ? words.yesterday : day;
      },
    }),
    [format, today, yesterday, words],
  );
}

/** What was before comes as one gets there: each time that more is drawn, one may be there still. */
function Earlier({ isBusy, onMore, label }: { isBusy: boolean; onMore: () => void; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const newest = useRef(onMore);
  useEffect(() => {
    newest.current = onMore;
  });
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const watch = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) newest.current();
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return (
    <div ref={place} className={styles.earlier}>
      <Button size="small" kind="quiet" busy={isBusy} onClick={onMore}>
        {label}
      </Button>
    </div>
  );
}

/** The message that the address names: looked for further back until it is there, then gone to. */
function usePointedAt(
  isThere: boolean,
  isWhole: boolean,
  more: () => void,
  { isBusy, drawn }: { isBusy: boolean; drawn: number },
): string {
  const hash = useRouterState({ select: (state) => state.location.hash });
  const [gone, setGone] = useState('');
  const newest = useRef(more);
  useEffect(() => {
    newest.current = more;
  });
  const canGo = hash !== '' && gone !== hash && !isBusy && (isThere || isWhole);
  const isSought = hash.startsWith('comment-') && gone !== hash && !isBusy && !isThere && !isWhole;
  useEffect(() => {
    if (isSought) newest.current();
  }, [isSought, drawn]);
  useEffect(() => {
    if (!canGo) return;
    const frame = requestAnimationFrame(() => {
      const element = document.getElementById(hash);
      element?.scrollIntoView({ block: 'center' });
      element?.focus({ preventScroll: true });
      setGone(hash);
    });
    return () => cancelAnimationFrame(frame);
  }, [canGo, hash]);
  return hash;
}

/** Files that came with the ticket itself: those that no message has. */
function useDescriptionFiles(ticket: Ticket, isReady: boolean): Said['attachments'] {
  const { data } = useQuery({
    queryKey: ['ticket', ticket.ticket_number, 'attachments'],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/tickets/{ticket}/attachments', {
          params: { path: { ticket: ticket.ticket_number }, query: { limit: 100 } },
          signal,
        }),
      ),
    enabled: isReady && ticket.channel === 'email',
  });
  // They are kept in the moment in which the ticket is made; a message's in that of the message.
  return useMemo(
    () => data?.items.filter((file) => file.created_at === ticket.created_at) ?? [],
    [data, ticket.created_at],
  );
}
