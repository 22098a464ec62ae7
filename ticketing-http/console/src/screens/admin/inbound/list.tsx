import { Link } from '@tanstack/react-router';
import { FlaskConical, MailOpen, RefreshCw, SlidersHorizontal } from 'lucide-react';
import { useText } from '../../../text';
import { Button, buttonClass } from '../../../ui/button';
import { Empty } from '../../../ui/empty';
import { Endless } from '../../../ui/endless';
import { SelectField } from '../../../ui/field';
import { Ago } from '../../../ui/time';
import { AreaHead } from '../area-head';
import { useFilter } from '../filter';
import { FilterText } from '../filter-text';
import { useMailboxes } from '../mailboxes/data';
import { oneOf } from '../one-of';
import panels from '../panels.module.css';
import { Loaded, Rows, type Column } from '../rows';
import { CAUSES, STATES, useCounts, useMails, type InboundMail } from './data';
import styles from './inbound.module.css';
import { StateChip } from './state';
import { inboundText } from './text';

export function List() {
  const words = useText(inboundText);
  const [search, change] = useFilter();
  const state = oneOf(search['state'], STATES);
  const cause = oneOf(search['cause'], CAUSES);
  const mails = useMails({ state, cause, mailbox_id: search['mailbox'], from: search['from'] });
  const mailboxes = useMailboxes();
  const counts = useCounts();
  const items = mails.data?.pages.flatMap((page) => page.items) ?? [];
  const columns: Column<InboundMail>[] = [
    {
      id: 'subject',
      label: words.subject,
      isMain: true,
      of: (one) => (
        <>
          <Link to="/admin/$area/$id" params={{ area: 'inbound', id: one.id }} dir="auto">
            {one.subject ?? words.noSubject}
          </Link>
          <div className={panels.small} dir="auto">
            {one.from}
          </div>
        </>
      ),
    },
    { id: 'state', label: words.state, isNarrow: true, of: (one) => <StateChip state={one.state} /> },
    {
      id: 'cause',
      label: words.cause,
      of: (one) => (one.cause === undefined ? null : <span title={one.reason}>{words.causes[one.cause]}</span>),
    },
    {
      id: 'ticket',
      label: words.ticket,
      isNarrow: true,
      of: (one) =>
        one.ticket_id === null ? null : (
          <Link to="/tickets/$ticket" params={{ ticket: one.ticket_id }}>
            {words.openTicket}
          </Link>
        ),
    },
    { id: 'received', label: words.received, isNarrow: true, of: (one) => <Ago at={one.received_at} /> },
  ];
  return (
    <>
      <AreaHead title={words.title} about={words.about}>
        <Button
          icon={<RefreshCw size={14} />}
          busy={mails.isRefetching}
          onClick={() => {
            void mails.refetch();
            void counts.refetch();
          }}
        >
          {words.refresh}
        </Button>
        <Link to="/admin/$area/$id" params={{ area: 'inbound', id: 'policy' }} className={buttonClass()}>
          <SlidersHorizontal size={14} />
          {words.policy}
        </Link>
        <Link to="/admin/$area/$id" params={{ area: 'inbound', id: 'preview' }} className={buttonClass()}>
          <FlaskConical size={14} />
          {words.tryOne}
        </Link>
      </AreaHead>
      <Waiting />
      <div className={panels.filters}>
        <SelectField
          label={words.state}
          value={state ?? ''}
          onChange={(event) => change({ state: event.target.value })}
        >
          <option value="">{words.all}</option>
          {STATES.map((one) => (
            <option key={one} value={one}>
              {words.states[one]}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={words.cause}
          value={cause ?? ''}
          onChange={(event) => change({ cause: event.target.value })}
        >
          <option value="">{words.all}</option>
          {CAUSES.map((one) => (
            <option key={one} value={one}>
              {words.causes[one]}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={words.mailbox}
          value={search['mailbox'] ?? ''}
          onChange={(event) => change({ mailbox: event.target.value })}
        >
          <option value="">{words.all}</option>
          {mailboxes.data?.items.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </SelectField>
        <FilterText
          label={words.from}
          placeholder={words.fromHint}
          value={search['from']}
          onChange={(from) => change({ from })}
        />
      </div>
      <Loaded of={mails}>
        {items.length === 0 ? (
          <Empty title={words.none} icon={<MailOpen size={20} />}>
            {words.noneAbout}
          </Empty>
        ) : (
          <Rows label={words.title} columns={columns} rows={items} keyOf={(one) => one.id} />
        )}
        <Endless
          hasMore={mails.hasNextPage}
          isBusy={mails.isFetchingNextPage}
          isFailed={mails.isFetchNextPageError}
          onMore={() => void mails.fetchNextPage()}
        />
      </Loaded>
    </>
  );
}

/** How many mails wait, by state and cause; each leads to those. */
function Waiting() {
  const words = useText(inboundText);
  const counts = useCounts();
  if (counts.data === undefined) return null;
  if (counts.data.items.length === 0) return <p className={styles.calm}>{words.nothingWaits}</p>;
  return (
    <nav aria-label={words.waits}>
      <ul className={styles.counts}>
        {counts.data.items.map((one) => (
          <li key={`${one.state} ${one.cause ?? ''}`}>
            <Link
              to="/admin/$area"
              params={{ area: 'inbound' }}
              search={{ state: one.state, ...(one.cause === null ? {} : { cause: one.cause }) }}
              activeOptions={{ exact: true, includeSearch: true }}
              className={styles.count}
            >
              <strong>{one.count}</strong>
              <span>
                {words.states[one.state]}
                {one.cause !== null && ` · ${words.causes[one.cause]}`}
              </span>
              {one.oldest !== null && (
                <span className={panels.small}>
                  <Ago at={one.oldest} />
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
