import { Link } from '@tanstack/react-router';
import { FlaskConical, MailOpen, RefreshCw, SlidersHorizontal } from 'lucide-react';
import { useText } from '../../../text';
import { Button, buttonClass } from '../../../ui/button';
import { Empty } from '../../../ui/empty';
import { SelectField } from '../../../ui/field';
import { Ago } from '../../../ui/time';
import { AreaHead, Filters } from '../area-head';
import { areaText } from '../areas';
import { useFilter } from '../filter';
import { FilterText } from '../filter-text';
import { Listing } from '../listing';
import { useMailboxes } from '../mailboxes/data';
import { oneOf } from '../one-of';
import panels from '../panels.module.css';
import { CAUSES, STATES, useCounts, useMails } from './data';
import styles from './inbound.module.css';
import { StateChip } from './state';
import { inboundText } from './text';

export function List() {
  const words = useText(inboundText);
  const areas = useText(areaText);
  const [search, change] = useFilter();
  const state = oneOf(search['state'], STATES);
  const cause = oneOf(search['cause'], CAUSES);
  const mails = useMails({ state, cause, mailbox_id: search['mailbox'], from: search['from'] });
  const mailboxes = useMailboxes();
  const counts = useCounts();
  return (
    <>
      <AreaHead area="inbound" about={words.about}>
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
      <Filters>
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
          {mailboxes.data?.map((one) => (
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
      </Filters>
      <Listing
        area="inbound"
        label={areas.inbound}
        list={mails}
        idOf={(one) => one.id}
        nameTitle={words.subject}
        name={(one) => one.subject ?? words.noSubject}
        belowName={(one) => <span dir="auto">{one.from}</span>}
        columns={[
          { id: 'state', title: words.state, isNarrow: true, cell: (one) => <StateChip state={one.state} /> },
          {
            id: 'cause',
            title: words.cause,
            cell: (one) => one.cause !== undefined && <span title={one.reason}>{words.causes[one.cause]}</span>,
          },
          {
            id: 'ticket',
            title: words.ticket,
            isNarrow: true,
            cell: (one) =>
              one.ticket_id !== null && (
                <Link to="/tickets/$ticket" params={{ ticket: one.ticket_id }}>
                  {words.openTicket}
                </Link>
              ),
          },
          { id: 'received', title: words.received, isNarrow: true, cell: (one) => <Ago at={one.received_at} /> },
        ]}
        empty={
          <Empty title={words.none} icon={<MailOpen size={22} />}>
            {words.noneAbout}
          </Empty>
        }
      />
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
