/** A week of somebody: hours by ticket and day where there is room for it, and below it every entry. */
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useMe } from '../../api/session';
import { useFormat } from '../../format';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { Loaded } from '../../ui/loaded';
import { amountText, sumOf } from './amount';
import { ticketOfLabel, useEntries, useSummary } from './data';
import { addDays, dayId, longDay, mondayOf, rangeText, today, weekOf } from './days';
import { countsAt, type Entry } from './draft';
import { EntryList } from './entry-list';
import { WeekGrid, type GridRow } from './grid';
import { askTime, type TicketName } from './open';
import { pageText } from './page-text';
import styles from './page.module.css';
import { Period } from './period';
import { TicketNameLink } from './ticket-name';
import { TotalFigures } from './totals';

export function WeekSheet({ day, userId }: { day: string; userId: string }) {
  const words = useText(pageText);
  const me = useMe();
  const { isoDate } = useFormat();
  const days = weekOf(day);
  const [monday = day, sunday = day] = [days[0], days[6]];
  const stretch = { from: monday, to: sunday };
  const entries = useEntries({ ...stretch, userId });
  const sums = useSummary({ ...stretch, user_id: userId, group_by: 'ticket' });
  // What one is about to log time on has none yet.
  const [added, setAdded] = useState<readonly TicketName[]>([]);
  const known = new Map<string, TicketName>(added.map((ticket) => [ticket.id, ticket]));
  for (const { key, label } of sums.data?.items ?? []) {
    if (key === null || label === null) continue;
    const { number, subject } = ticketOfLabel(label);
    known.set(key, { id: key, ticket_number: number, subject });
  }
  const nameOf = (id: string): TicketName => known.get(id) ?? { id, ticket_number: words.unknown, subject: '' };
  const other = userId === me.id ? undefined : userId;

  return (
    <>
      <Period
        unit="week"
        title={rangeText(monday, sunday)}
        previous={addDays(monday, -7)}
        next={addDays(monday, 7)}
        isNow={mondayOf(today()) === monday}
      />
      {sums.data !== undefined && <TotalFigures totals={sums.data.totals} />}
      <Loaded of={entries}>
        {(all) => {
          const byDay = new Map<string, Entry[]>(days.map((one) => [one, []]));
          for (const entry of all) byDay.get(isoDate(countsAt(entry)))?.push(entry);
          return (
            <>
              <WeekGrid
                days={days}
                rows={rowsOf(all, added, nameOf)}
                byDay={byDay}
                userId={other}
                onAdd={(ticket) => setAdded([...added.filter((one) => one.id !== ticket.id), ticket])}
              />
              <div className={styles.days}>
                {days
                  .filter((one) => one <= today() || (byDay.get(one)?.length ?? 0) > 0)
                  .map((one) => {
                    const those = byDay.get(one) ?? [];
                    return (
                      <section key={one} id={dayId(one)} tabIndex={-1} className={styles.day} aria-label={longDay(one)}>
                        <header className={styles.dayHead}>
                          <h3 className={styles.dayName}>{longDay(one)}</h3>
                          {those.length > 0 && <span className={styles.dayTotal}>{amountText(sumOf(those))}</span>}
                          <Button
                            size="small"
                            label={words.addHere(longDay(one))}
                            icon={<Plus size={14} />}
                            onClick={() => askTime({ kind: 'log', day: one, userId: other })}
                          />
                        </header>
                        {those.length > 0 && (
                          <EntryList
                            isDayKnown
                            entries={those}
                            ticketOf={({ ticket_id }) => known.get(ticket_id)}
                            nameOf={({ ticket_id }) => <TicketNameLink ticket={nameOf(ticket_id)} />}
                          />
                        )}
                      </section>
                    );
                  })}
              </div>
            </>
          );
        }}
      </Loaded>
    </>
  );
}

/** Tickets in the order in which time was first spent on them: a row stays where it is while one writes in it. */
function rowsOf(all: readonly Entry[], added: readonly TicketName[], nameOf: (id: string) => TicketName): GridRow[] {
  const rows = new Map<string, Entry[]>();
  for (const entry of [...all].sort((a, b) => (a.id < b.id ? -1 : 1)))
    rows.set(entry.ticket_id, [...(rows.get(entry.ticket_id) ?? []), entry]);
  for (const { id } of added) if (!rows.has(id)) rows.set(id, []);
  return [...rows].map(([id, entries]) => ({ ticket: nameOf(id), entries }));
}
