/** Time that was logged, entry by entry: who, when, how much, for what; corrected and taken away by whoever may. */
import { useQueryClient } from '@tanstack/react-query';
import { Pencil, Trash2 } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { api, ok } from '../../api/client';
import { useFormat } from '../../format';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { Chip } from '../../ui/chip';
import { toast } from '../../ui/toast';
import { amountText, toHundredths } from './amount';
import { useMayEdit } from './data';
import { mediumDay } from './days';
import { countsAt, type Entry } from './draft';
import { DeleteEntry } from './entry-form';
import styles from './entry-list.module.css';
import { focusAfter } from './focus';
import { moneyText } from './money';
import { askTime, type TicketName } from './open';
import { timeText } from './text';
import { timeChanged } from './timer';

interface Props {
  entries: readonly Entry[];
  /** What each is told by: who it was on a ticket, which ticket it was in a sheet. */
  nameOf: (entry: Entry) => ReactNode;
  ticketOf: (entry: Entry) => TicketName | undefined;
  /** Whether the place says already which day it was. */
  isDayKnown?: boolean;
}

export function EntryList({ entries, nameOf, ticketOf, isDayKnown = false }: Props) {
  const words = useText(timeText);
  const queries = useQueryClient();
  const mayEdit = useMayEdit();
  const { time, isoDate } = useFormat();
  const [deleted, setDeleted] = useState<Entry>();
  const list = useRef<HTMLUListElement>(null);
  const remove = async (entry: Entry) => {
    await ok(api.DELETE('/api/time-entries/{id}', { params: { path: { id: entry.id } } }));
    // The last one takes its list with it.
    const section = list.current?.closest('section');
    await timeChanged(queries);
    toast(words.deleted);
    focusAfter(section?.querySelector('button'));
  };
  return (
    <>
      <ul ref={list}>
        {entries.map((entry) => {
          const { started_at, ended_at, description } = entry;
          const amount = amountText(toHundredths(entry.hours));
          const day = mediumDay(isoDate(countsAt(entry)));
          const when = [
            ...(isDayKnown ? [] : [day]),
            ...(started_at !== null && ended_at !== null ? [`${time(started_at)}–${time(ended_at)}`] : []),
          ].join(', ');
          return (
            <li key={entry.id} className={styles.entry} data-entry={entry.id}>
              <div className={styles.head}>
                <span className={styles.name} dir="auto">
                  {nameOf(entry)}
                </span>
                <strong className={styles.amount}>{amount}</strong>
              </div>
              <div className={styles.about}>
                {when !== '' && <span>{when}</span>}
                {entry.billable && (
                  <Chip tone="accent">
                    {words.billable}
                    {entry.amount !== null && ` ${moneyText(entry.amount)}`}
                  </Chip>
                )}
                {mayEdit(entry) && (
                  <span className={styles.tools}>
                    <Button
                      size="small"
                      label={words.editOf(amount, day)}
                      icon={<Pencil size={14} />}
                      onClick={() => askTime({ kind: 'edit', entry, ticket: ticketOf(entry) })}
                    />
                    <Button
                      size="small"
                      label={words.deleteOf(amount, day)}
                      icon={<Trash2 size={14} />}
                      onClick={() => setDeleted(entry)}
                    />
                  </span>
                )}
              </div>
              {description !== null && (
                <p className={styles.note} dir="auto">
                  {description}
                </p>
              )}
            </li>
          );
        })}
      </ul>
      {deleted !== undefined && (
        <DeleteEntry entry={deleted} run={() => remove(deleted)} onClose={() => setDeleted(undefined)} />
      )}
    </>
  );
}
