import { useQueryClient } from '@tanstack/react-query';
import { AlarmClock } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { useMe } from '../../../api/session';
import type { Ticket } from '../../../api/types';
import { useFormat } from '../../../format';
import { defineText, useText } from '../../../text';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { TextField } from '../../../ui/field';
import { reason, toast } from '../../../ui/toast';
import { useChangeTicket } from '../use-change-ticket';
import { ticketKey } from '../place';
import styles from './actions.module.css';
import { fieldMoment, fieldValue, presets } from './snooze-times';

const text = defineText(
  {
    title: 'Snooze until',
    about: 'The ticket waits as pending. Its agent is told when the time has come, or when the customer answers.',
    later: 'Later today',
    evening: 'This evening',
    tomorrow: 'Tomorrow morning',
    week: 'Next week',
    own: 'Another day and time',
    set: 'Snooze',
    past: 'This moment is over already.',
    done: (number: string, at: string) => `${number} is snoozed until ${at}`,
    undo: 'Undo',
    wake: 'Wake up now',
  },
  {
    title: 'Zurückstellen bis',
    about:
      'Das Ticket wartet. Die zuständige Person erfährt es, wenn es so weit ist oder wenn der Kunde vorher antwortet.',
    later: 'Später heute',
    evening: 'Heute Abend',
    tomorrow: 'Morgen früh',
    week: 'Nächste Woche',
    own: 'Anderer Tag und Zeitpunkt',
    set: 'Zurückstellen',
    past: 'Dieser Zeitpunkt ist schon vorbei.',
    done: (number: string, at: string) => `${number} ist bis ${at} zurückgestellt`,
    undo: 'Rückgängig',
    wake: 'Jetzt wecken',
  },
);

export function Snooze({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const words = useText(text);
  const me = useMe();
  const { dateTime } = useFormat();
  const change = useChangeTicket(ticket);
  const queries = useQueryClient();
  const zone = me.time_zone ?? undefined;
  const [now] = useState(() => new Date());
  const offered = presets(now, zone);
  const [own, setOwn] = useState(() =>
    fieldValue(ticket.wake_at != null ? new Date(ticket.wake_at) : (offered.at(-1)?.at ?? now), zone),
  );
  const [error, setError] = useState<string>();

  const snooze = async (at: Date) => {
    let refused: unknown;
    const isMade = await change({ wake_at: at.toISOString() }, { onRefused: (problem) => (refused = problem) });
    if (refused !== undefined) {
      setError(reason(refused));
      return;
    }
    onClose();
    if (!isMade) return;
    const { status, wake_at: before } = ticket;
    toast(words.done(ticket.ticket_number, dateTime(at)), {
      action: {
        label: words.undo,
        run: () => {
          // What is undone is the ticket as it is by then.
          const now = queries.getQueryData<Ticket>(ticketKey(ticket.ticket_number)) ?? ticket;
          void change(before != null ? { wake_at: before } : { status }, { base: now });
        },
      },
    });
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const at = fieldMoment(own, zone);
    if (at === undefined || at.getTime() <= Date.now()) setError(words.past);
    else void snooze(at);
  };
  return (
    <Dialog title={words.title} onClose={onClose}>
      <p className={styles.quiet}>{words.about}</p>
      <ul className={styles.presets}>
        {offered.map(({ id, at }, place) => (
          <li key={id}>
            <button type="button" className={styles.preset} autoFocus={place === 0} onClick={() => void snooze(at)}>
              <AlarmClock size={16} />
              <span>{words[id]}</span>
              <time dateTime={at.toISOString()}>{dateTime(at)}</time>
            </button>
          </li>
        ))}
      </ul>
      <form className={styles.inline} onSubmit={submit}>
        <TextField
          type="datetime-local"
          label={words.own}
          className={styles.grow}
          value={own}
          error={error}
          required
          onChange={(event) => {
            setError(undefined);
            setOwn(event.target.value);
          }}
        />
        <Button type="submit" kind="primary">
          {words.set}
        </Button>
      </form>
      {ticket.wake_at != null && (
        <Button
          className={styles.below}
          onClick={() => {
            void change({ status: 'open' });
            onClose();
          }}
        >
          {words.wake}
        </Button>
      )}
    </Dialog>
  );
}
