/** What was promised, how much of it is used up, and why a clock stands where it stands. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { AlertTriangle, Check, Clock, Pause } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { api, ok } from '../../../api/client';
import type { Schemas, Ticket } from '../../../api/types';
import { useFormat } from '../../../format';
import { defineText, useText } from '../../../text';
import { ticketText } from '../../../ui/badge';
import { Button } from '../../../ui/button';
import { useNow } from '../../../ui/time';
import { Load } from './load';
import { Row } from './row';
import { SlaStory } from './sla-story';
import { readClock, type ClockState } from './sla-clock';
import styles from './sla.module.css';

const text = defineText(
  {
    none: 'No policy promises anything for this ticket.',
    running: 'Running',
    paused: 'Paused',
    met: 'Kept',
    stopped: 'Ended early',
    breached: 'Breached',
    of: (spent: string, target: string) => `${spent} of ${target}`,
    due: 'due',
    wasDue: 'was due',
    metAt: 'done',
    policy: 'Policy',
    why: 'Why?',
  },
  {
    none: 'Für dieses Ticket ist nichts zugesagt.',
    running: 'Läuft',
    paused: 'Angehalten',
    met: 'Eingehalten',
    stopped: 'Vorher beendet',
    breached: 'Überschritten',
    of: (spent: string, target: string) => `${spent} von ${target}`,
    due: 'fällig',
    wasDue: 'war fällig',
    metAt: 'erledigt',
    policy: 'Richtlinie',
    why: 'Warum?',
  },
);

const icons: Record<ClockState, ReactNode> = {
  running: <Clock size={14} />,
  paused: <Pause size={14} />,
  met: <Check size={14} />,
  stopped: <Check size={14} />,
  breached: <AlertTriangle size={14} />,
};

export function Sla({ ticket }: { ticket: Ticket }) {
  const words = useText(text);
  const [isAsking, setAsking] = useState(false);
  const story = useQuery({
    // It is another one after each change of the ticket.
    queryKey: ['ticket', ticket.ticket_number, 'sla', ticket.version],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      ok(api.GET('/api/tickets/{ticket}/sla', { params: { path: { ticket: ticket.id } }, signal })),
  });
  return (
    <Load query={story} lines={3}>
      {(told) =>
        told.policy === null && told.clocks.length === 0 ? (
          <p className={styles.none}>{words.none}</p>
        ) : (
          <>
            <ul className={styles.clocks}>
              {told.clocks.map((clock) => (
                <ClockLine key={`${clock.metric}-${clock.started_at}`} clock={clock} toldAt={told.now} />
              ))}
            </ul>
            <div className={styles.foot}>
              {told.policy?.name != null && (
                <Row label={words.policy}>
                  <span dir="auto">{told.policy.name}</span>
                </Row>
              )}
              <Button size="small" onClick={() => setAsking(true)}>
                {words.why}
              </Button>
            </div>
            {isAsking && <SlaStory story={told} onClose={() => setAsking(false)} />}
          </>
        )
      }
    </Load>
  );
}

function ClockLine({ clock, toldAt }: { clock: Schemas['SlaClock']; toldAt: string }) {
  const words = useText(text);
  const names = useText(ticketText).sla;
  const { dateTime, duration } = useFormat();
  const now = useNow(15_000);
  const { state, share, spentMs, tone } = readClock(clock, toldAt, now);
  const [word, at] =
    clock.met_at !== null
      ? [words.metAt, clock.met_at]
      : clock.due_at === null
        ? ['', null]
        : [new Date(clock.due_at).getTime() < now ? words.wasDue : words.due, clock.due_at];
  return (
    <li className={styles.clock} data-tone={tone}>
      <div className={styles.line}>
        <span className={styles.name}>{names[clock.metric]}</span>
        <span className={styles.state}>
          {icons[state]}
          {words[state]}
        </span>
      </div>
      <div
        className={styles.bar}
        role="meter"
        aria-label={names[clock.metric]}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        aria-valuetext={`${words[state]}, ${words.of(duration(spentMs), clock.target)}`}
      >
        <span style={{ inlineSize: `${share * 100}%` }} />
      </div>
      <div className={styles.line}>
        <span>{words.of(duration(spentMs), clock.target)}</span>
        {at !== null && (
          <span>
            {word} {dateTime(at)}
          </span>
        )}
      </div>
    </li>
  );
}
