/** What one was told on the desk. */
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { BellOff, CheckCheck, Settings2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTitle } from '../../app/desk';
import { useLive } from '../../api/live';
import { rowsOf } from '../../api/rows';
import { useMe } from '../../api/session';
import { useCommands } from '../../keys/commands';
import { useFormat } from '../../format';
import { useText } from '../../text';
import { Button, buttonClass } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { Endless } from '../../ui/endless';
import { SelectField } from '../../ui/field';
import { Segments } from '../../ui/segments';
import { Skeleton } from '../../ui/skeleton';
import { useNow } from '../../ui/time';
import { reason } from '../../ui/toast';
import styles from './notifications.module.css';
import { byDay, type Kind } from './pages';
import { Row } from './row';
import { notificationText } from './text';
import { useUnreadCount } from './unread';
import { useNotifications } from './use-notifications';

/** What a customer is told of; the rest is for staff. */
const CUSTOMER: readonly Kind[] = ['ticket_created', 'status_changed', 'comment_added', 'mention'];
const STAFF: readonly Kind[] = [
  ...(['ticket_created', 'ticket_assigned', 'status_changed', 'comment_added', 'mention', 'escalation'] as const),
  ...(['sla_warning', 'sla_breach', 'snooze_ended', 'rule', 'workflow_disabled'] as const),
];

export default function Notifications() {
  const words = useText(notificationText);
  const me = useMe();
  const { date } = useFormat();
  const now = useNow(60_000);
  const navigate = useNavigate();
  const search: Partial<Record<string, string>> = useSearch({ strict: false });
  const isUnread = search['show'] === 'unread';
  const offered = me.role === 'customer' ? CUSTOMER : STAFF;
  const kinds = offered.filter((kind) => search['kind']?.split(',').includes(kind));
  const unread = useUnreadCount();
  const { list, read, readAll } = useNotifications({ isUnread, kinds });
  const place = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState('');
  useTitle(unread > 0 ? `(${unread}) ${words.title}` : words.title);
  useLive('notification', (told) => setSaid(words.arrived(told.title)));

  /** The focus is the place in the list, so Enter opens what it stands at. */
  const step = (by: 1 | -1) => {
    const rows = [...(place.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const at = rows.findIndex((row) => row === document.activeElement);
    const next = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  };
  useCommands([
    { id: 'notifications.next', group: words.title, title: words.next, keys: ['j'], run: () => step(1) },
    { id: 'notifications.previous', group: words.title, title: words.previous, keys: ['k'], run: () => step(-1) },
    {
      id: 'notifications.read-all',
      group: words.title,
      title: words.readAll,
      keys: ['Shift+a'],
      disabled: unread === 0,
      run: readAll,
    },
  ]);

  const items = list.data && rowsOf(list.data.pages);
  const today = date(now);
  const yesterday = date(now - 86_400_000);
  const nameOf = (day: string) => (day === today ? words.today : day === yesterday ? words.yesterday : day);

  return (
    <div className={styles.page} ref={place}>
      <header className={styles.head}>
        <h1 className={styles.title}>{words.title}</h1>
        <Button icon={<CheckCheck size={16} />} disabled={unread === 0} onClick={readAll}>
          {words.readAll}
        </Button>
        <Link
          to="/me/$area"
          params={{ area: 'notifications' }}
          className={buttonClass('quiet', undefined, true)}
          aria-label={words.preferences}
          title={words.preferences}
        >
          <Settings2 size={16} />
        </Link>
      </header>
      <div className={styles.filters}>
        <Segments
          label={words.show}
          items={[
            { label: words.all, search: { kind: search['kind'], show: undefined } },
            { label: words.unread, search: { kind: search['kind'], show: 'unread' } },
          ]}
        />
        <SelectField
          label={words.kind}
          isLabelHidden
          className={styles.kind}
          value={kinds.length === 1 ? kinds[0] : ''}
          onChange={(event) =>
            void navigate({ to: '.', search: { show: search['show'], kind: event.target.value }, replace: true })
          }
        >
          <option value="">{words.everyKind}</option>
          {offered.map((kind) => (
            <option key={kind} value={kind}>
              {words.kinds[kind]}
            </option>
          ))}
        </SelectField>
      </div>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {items === undefined ? (
        list.isError ? (
          <Empty title={words.failed} action={<Button onClick={() => void list.refetch()}>{words.retry}</Button>}>
            {reason(list.error)}
          </Empty>
        ) : (
          <Skeleton lines={8} height="2.5rem" />
        )
      ) : items.length === 0 ? (
        <Empty icon={<BellOff size={22} />} title={isUnread ? words.noneUnread : words.none}>
          {isUnread ? words.noneUnreadBody : words.noneBody}
        </Empty>
      ) : (
        <>
          {byDay(items, (at) => date(at)).map(({ day, items: those }) => (
            <section key={day} aria-label={nameOf(day)}>
              <h2 className={styles.day}>{nameOf(day)}</h2>
              <ul className={styles.list}>
                {those.map((one) => (
                  <li key={one.id}>
                    <Row notification={one} onRead={() => read(one)} />
                  </li>
                ))}
              </ul>
            </section>
          ))}
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
