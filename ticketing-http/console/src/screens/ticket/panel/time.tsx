/** How much time was spent on a ticket, by whom; and the timer. */
import { Play, Plus } from 'lucide-react';
import { use } from 'react';
import { useMe } from '../../../api/session';
import { rowsOf } from '../../../api/rows';
import type { Ticket } from '../../../api/types';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { amountText, toHundredths } from '../../time/amount';
import { Clock, TimerButtons } from '../../time/controls';
import { useSummary, useTicketTime } from '../../time/data';
import { EntryList } from '../../time/entry-list';
import { moneysText } from '../../time/money';
import { askTime, type TicketName } from '../../time/open';
import { useStart } from '../../time/start';
import { timerText, timeText } from '../../time/text';
import { useTimer } from '../../time/timer';
import { Endless } from '../../../ui/endless';
import { Load } from './load';
import { ReadOnly, Row } from './row';
import styles from './time.module.css';

/** Beside the title, also while it is closed: the timer where it runs for this ticket, else what starts it. */
export function TicketTimer({ ticket }: { ticket: Ticket }) {
  const words = useText(timerText);
  const isReadOnly = use(ReadOnly);
  const timer = useTimer();
  const start = useStart();
  if (timer === undefined) return null;
  if (timer?.ticket_id === ticket.id) {
    return (
      <span className={styles.timer}>
        <Clock timer={timer} />
        <TimerButtons timer={timer} />
      </span>
    );
  }
  if (isReadOnly) return null;
  return (
    <Button
      size="small"
      label={timer === null ? words.start : words.here}
      icon={<Play size={14} />}
      onClick={() => start(ticket)}
    />
  );
}

export function Time({ ticket }: { ticket: Ticket }) {
  const words = useText(timeText);
  const me = useMe();
  const isReadOnly = use(ReadOnly);
  const time = useTicketTime(ticket.id);
  const own = useSummary({ group_by: 'ticket', ticket: ticket.id, user_id: me.id });
  const name: TicketName = ticket;
  return (
    <Load query={time}>
      {({ pages }) => {
        const entries = rowsOf(pages);
        const totals = pages[0]?.totals;
        return (
          <>
            {totals !== undefined && totals.entries > 0 && (
              <>
                <Row label={words.total}>
                  <strong>{amountText(toHundredths(totals.hours))}</strong>
                </Row>
                <Row label={words.billableOf}>
                  {amountText(toHundredths(totals.billable_hours))}
                  {totals.amounts.length > 0 && `, ${moneysText(totals.amounts)}`}
                </Row>
                {own.data !== undefined && (
                  <Row label={words.mine}>{amountText(toHundredths(own.data.totals.hours))}</Row>
                )}
              </>
            )}
            {entries.length === 0 ? (
              <p className={styles.none}>{words.none}</p>
            ) : (
              <EntryList entries={entries} nameOf={({ user }) => user.name} ticketOf={() => name} />
            )}
            <Endless
              hasMore={time.hasNextPage}
              isBusy={time.isFetchingNextPage}
              isFailed={time.isFetchNextPageError}
              onMore={() => void time.fetchNextPage()}
            />
            {!isReadOnly && (
              <Button
                size="small"
                kind="quiet"
                className={styles.add}
                icon={<Plus size={14} />}
                onClick={() => askTime({ kind: 'log', ticket: name })}
              >
                {words.log}
              </Button>
            )}
          </>
        );
      }}
    </Load>
  );
}
