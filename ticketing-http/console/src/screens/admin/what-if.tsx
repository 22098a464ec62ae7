/** What a policy or a calendar would do to the open tickets, before it is saved. */
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import { api, ok, once } from '../../api/client';
import type { Schemas } from '../../api/types';
import { dateTime, number } from '../../format';
import { useText } from '../../text';
import { ticketText } from '../../ui/badge';
import { Button } from '../../ui/button';
import { useNow } from '../../ui/time';
import { reason } from '../../ui/toast';
import { isSame } from '../../ui/differ';
import { Section } from '../../ui/section';
import styles from './what-if.module.css';
import { whatIfText } from './what-if.text';

type Forecast = Schemas['SlaForecast'];

const COUNTS = [
  'breached_at_once',
  'saved',
  'due_earlier',
  'due_later',
  'newly_promised',
  'no_longer_promised',
] as const satisfies (keyof Forecast)[];

/** Worse, better, or neither. */
const TONES: Partial<Record<(typeof COUNTS)[number], 'bad' | 'good'>> = { breached_at_once: 'bad', saved: 'good' };

export function WhatIf({ draft }: { draft: Schemas['SlaWhatIf'] }) {
  const words = useText(whatIfText);
  const ask = useMutation({
    mutationFn: (body: Schemas['SlaWhatIf']) =>
      ok(api.POST('/api/sla-policies/what-if', { params: { header: once() }, body })),
  });
  const isOld = ask.data !== undefined && !isSame(ask.variables, draft);
  return (
    <Section
      title={words.title}
      about={words.about}
      actions={
        <Button size="small" busy={ask.isPending} onClick={() => ask.mutate(draft)}>
          {ask.data === undefined ? words.run : words.again}
        </Button>
      }
    >
      <div role="status">
        {ask.error !== null && <p className={styles.wrong}>{reason(ask.error)}</p>}
        {isOld && <p className={styles.old}>{words.old}</p>}
        {ask.data !== undefined && <Counts forecast={ask.data} />}
      </div>
      {ask.data !== undefined && ask.data.samples.length > 0 && <Samples samples={ask.data.samples} />}
    </Section>
  );
}

function Counts({ forecast }: { forecast: Forecast }) {
  const words = useText(whatIfText);
  return (
    <>
      <p>
        {words.looked(number(forecast.tickets), number(forecast.affected))} {forecast.is_cut && words.cut}
      </p>
      {forecast.affected === 0 ? (
        <p className={styles.old}>{words.nothing}</p>
      ) : (
        <dl className={styles.counts} aria-label={words.counted}>
          {COUNTS.map((count) => (
            <div key={count} className={styles.count} data-tone={forecast[count] > 0 ? TONES[count] : undefined}>
              <dt>{words.counts[count]}</dt>
              <dd>{number(forecast[count])}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

function Samples({ samples }: { samples: Forecast['samples'] }) {
  const words = useText(whatIfText);
  const tickets = useText(ticketText);
  const now = useNow();
  const moment = (at: string | null) => {
    if (at === null) return <span className={styles.never}>{words.never}</span>;
    const isOver = new Date(at).getTime() < now;
    return (
      <span className={isOver ? styles.over : undefined}>
        {dateTime(at)}
        {isOver && ` (${words.overAt})`}
      </span>
    );
  };
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={words.samples}>
      <table className={styles.samples}>
        <caption className={styles.caption}>{words.samples}</caption>
        <thead>
          <tr>
            <th scope="col">{words.ticket}</th>
            <th scope="col">{words.promise}</th>
            <th scope="col">{words.before}</th>
            <th aria-hidden />
            <th scope="col">{words.after}</th>
          </tr>
        </thead>
        <tbody>
          {samples.map((sample) => (
            <tr key={`${sample.ticket} ${sample.metric}`}>
              <th scope="row">
                <Link to="/tickets/$ticket" params={{ ticket: sample.ticket }}>
                  {sample.ticket}
                </Link>
              </th>
              <td>{tickets.sla[sample.metric]}</td>
              <td>{moment(sample.due_at)}</td>
              <td aria-hidden className={styles.arrow}>
                <ArrowRight size={14} />
              </td>
              <td>{moment(sample.would_be_due_at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
