/** Hours by ticket and day, written right where they stand. */
import { useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useRef, useState } from 'react';
import { api, ifVersion, ok } from '../../api/client';
import { useFormat } from '../../format';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { classes } from '../../ui/classes';
import { inputClass } from '../../ui/field';
import { toast, toastError } from '../../ui/toast';
import { useLast } from '../../ui/use-last';
import { useOnce } from '../../ui/use-once';
import { TicketFinder } from '../ticket/panel/ticket-finder';
import { amountDigits, amountText, readAmount, sumOf, toHours } from './amount';
import { dayId, dayNumber, longDay, today, weekday } from './days';
import { countsAt, startOn, type Entry } from './draft';
import styles from './grid.module.css';
import type { TicketName } from './open';
import { pageText } from './page-text';
import { timeText } from './text';
import { TicketNameLink } from './ticket-name';
import { TIME_KEY } from './timer';

export interface GridRow {
  ticket: TicketName;
  entries: readonly Entry[];
}

interface Props {
  days: readonly string[];
  rows: readonly GridRow[];
  byDay: ReadonlyMap<string, readonly Entry[]>;
  /** Whose it is, where it is not one's own. */
  userId: string | undefined;
  onAdd: (ticket: TicketName) => void;
}

export function WeekGrid({ days, rows, byDay, userId, onAdd }: Props) {
  const words = useText(pageText);
  const { isoDate } = useFormat();
  const [isAdding, setAdding] = useState(false);
  const all = [...byDay.values()].flat();
  const sumText = (entries: readonly Entry[]) => (entries.length === 0 ? '' : amountDigits(sumOf(entries)));
  const billable = (entries: readonly Entry[]) => entries.filter((entry) => entry.billable);
  return (
    <div className={styles.room}>
      <div className={styles.scroller} role="group" tabIndex={0} aria-label={words.grid}>
        <table className={styles.grid} aria-label={words.grid}>
          <thead>
            <tr>
              <th scope="col">{words.ticket}</th>
              {days.map((day) => (
                <th key={day} scope="col" className={styles.number} data-is-today={day === today()}>
                  {weekday(day)} {dayNumber(day)}
                </th>
              ))}
              <th scope="col" className={styles.number}>
                {words.total}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ ticket, entries }) => (
              <tr key={ticket.id}>
                <th scope="row" dir="auto">
                  <TicketNameLink ticket={ticket} />
                </th>
                {days.map((day) => (
                  <td key={day} className={styles.number}>
                    <Cell
                      ticket={ticket}
                      day={day}
                      userId={userId}
                      entries={entries.filter((entry) => isoDate(countsAt(entry)) === day)}
                    />
                  </td>
                ))}
                <td className={classes(styles.number, styles.sum)}>{sumText(entries)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            {(
              [
                [words.total, (entries: readonly Entry[]) => entries],
                [words.billable, billable],
              ] as const
            ).map(([name, of]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {days.map((day) => (
                  <td key={day} className={styles.number}>
                    {sumText(of(byDay.get(day) ?? []))}
                  </td>
                ))}
                <td className={styles.number}>{sumText(of(all))}</td>
              </tr>
            ))}
          </tfoot>
        </table>
      </div>
      <div className={styles.add}>
        {isAdding ? (
          <TicketFinder
            autoFocus
            label={words.addTicket}
            without={rows.map(({ ticket }) => ticket.id)}
            onPick={(ticket) => {
              setAdding(false);
              onAdd(ticket);
            }}
            onLeave={() => setAdding(false)}
          />
        ) : (
          <Button kind="quiet" size="small" icon={<Plus size={14} />} onClick={() => setAdding(true)}>
            {words.addTicket}
          </Button>
        )}
      </div>
    </div>
  );
}

interface CellProps {
  ticket: TicketName;
  day: string;
  userId: string | undefined;
  entries: readonly Entry[];
}

function Cell({ ticket, day, userId, entries }: CellProps) {
  const words = useText(pageText);
  const [only] = entries;
  const name = ticket.subject === '' ? ticket.ticket_number : ticket.subject;
  // Several entries, or one whose ends say how long it was, are no single number to be written over.
  if (entries.length > 1 || (only !== undefined && only.started_at !== null && only.ended_at !== null)) {
    return (
      <button
        type="button"
        className={styles.many}
        aria-label={words.cellShow(amountText(sumOf(entries)), name, longDay(day))}
        onClick={() => {
          const section = document.getElementById(dayId(day));
          section?.scrollIntoView({ block: 'nearest' });
          section?.querySelector<HTMLElement>(`[data-entry="${only?.id}"] button`)?.focus();
        }}
      >
        {amountDigits(sumOf(entries))}
      </button>
    );
  }
  if (day > today() && only === undefined) return null;
  return <CellInput {...{ ticket, day, userId, name }} entry={only} />;
}

interface CellInputProps extends Omit<CellProps, 'entries'> {
  name: string;
  entry: Entry | undefined;
}

function CellInput({ ticket, day, userId, name, entry }: CellInputProps) {
  const words = useText(pageText);
  const time = useText(timeText);
  const queries = useQueryClient();
  const once = useOnce();
  const [typed, setTyped] = useState<string>();
  const [isRefused, setRefused] = useState(false);
  const [isBusy, setBusy] = useState(false);
  /** What is to be saved, also where something else is on its way yet; leaving the cell after Enter is no second wish. */
  const wanted = useRef<string>(undefined);
  // What was here and was taken away again is no answer to what is typed after it.
  const last = useLast(entry?.id);
  const stands = entry === undefined ? '' : amountDigits(sumOf([entry]));

  const send = (hours: number, before: Entry | undefined): Promise<Entry> => {
    if (before === undefined) {
      const body = { hours, started_at: startOn(day), ...(userId === undefined ? {} : { user_id: userId }) };
      return once([ticket.id, day, body, last], (header) =>
        ok(api.POST('/api/tickets/{ticket}/time-entries', { params: { path: { ticket: ticket.id }, header }, body })),
      );
    }
    return ok(
      api.PATCH('/api/time-entries/{id}', {
        params: { path: { id: before.id }, header: ifVersion(before.version) },
        body: { hours },
      }),
    );
  };
  const save = async () => {
    if (typed === undefined) return;
    // An entry is not taken away by emptying its cell: that is asked about.
    if (typed.trim() === '' || (typed === stands && !isBusy)) {
      wanted.current = undefined;
      setTyped(undefined);
      setRefused(false);
      return;
    }
    if (readAmount(typed) === undefined) {
      setRefused(true);
      toast(time.amountWrong, { tone: 'error' });
      return;
    }
    wanted.current = typed;
    if (isBusy) return;
    setBusy(true);
    const newest = () => wanted.current ?? sent;
    let now = entry;
    let sent = typed;
    try {
      // What was written meanwhile goes to what the desk made of what was sent before it.
      do {
        sent = newest();
        now = await send(toHours(readAmount(sent) ?? 0), now);
        await queries.invalidateQueries({ queryKey: TIME_KEY });
      } while (newest() !== sent);
      setRefused(false);
      const saved = sent;
      setTyped((latest) => (latest === saved ? undefined : latest));
    } catch (error) {
      setRefused(true);
      toastError(error);
      // What somebody else has changed is what is written over next.
      await queries.invalidateQueries({ queryKey: TIME_KEY });
    } finally {
      wanted.current = undefined;
      setBusy(false);
    }
  };
  return (
    <input
      className={classes(inputClass, styles.input)}
      aria-label={words.cell(name, longDay(day))}
      aria-invalid={isRefused || undefined}
      aria-busy={isBusy || undefined}
      autoComplete="off"
      value={typed ?? stands}
      onChange={(event) => setTyped(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={() => void save()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void save();
        if (event.key === 'Escape') {
          setTyped(undefined);
          setRefused(false);
        }
      }}
    />
  );
}
