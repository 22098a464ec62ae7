/** How one tried to reach the other side: of a webhook's delivery, and of any other job. */
import { useFormat } from '../../format';
import type { Schemas } from '../../api/types';
import { defineText, useText } from '../../text';
import { Chip } from '../../ui/chip';
import panels from './panels.module.css';
import styles from './attempts.module.css';

const text = defineText(
  {
    answered: (status: number) => `Answered ${status}`,
    noAnswer: 'No answer',
    done: 'Done',
    failed: 'Failed',
    took: (ms: string) => `took ${ms} ms`,
    said: 'The beginning of its answer',
    sent: 'What was sent',
    none: 'It was not tried yet.',
  },
  {
    answered: (status: number) => `Antwort ${status}`,
    noAnswer: 'Keine Antwort',
    done: 'Erledigt',
    failed: 'Fehlgeschlagen',
    took: (ms: string) => `dauerte ${ms} ms`,
    said: 'Der Anfang der Antwort',
    sent: 'Was gesendet wurde',
    none: 'Noch kein Versuch.',
  },
);

export function Attempts({ attempts }: { attempts: readonly Schemas['Attempt'][] }) {
  const words = useText(text);
  const format = useFormat();
  if (attempts.length === 0) return <p className={panels.quiet}>{words.none}</p>;
  return (
    <ol className={styles.attempts}>
      {attempts.map((attempt, at) => {
        const isWell = attempt.error === undefined;
        const status = attempt.status_code;
        const said = status === undefined ? (isWell ? words.done : words.failed) : words.answered(status);
        return (
          <li key={at} className={styles.attempt}>
            <div className={styles.head}>
              <Chip tone={isWell ? 'ok' : 'bad'}>{said}</Chip>
              <time dateTime={attempt.at} title={format.fullTime(attempt.at)}>
                {format.dateTime(attempt.at)}
              </time>
              <span className={panels.small}>{words.took(format.number(attempt.duration_ms))}</span>
            </div>
            {attempt.error !== undefined && (
              <p className={styles.why} dir="auto">
                {attempt.error}
              </p>
            )}
            {attempt.response !== undefined && attempt.response !== '' && (
              <>
                <p className={panels.small}>{words.said}</p>
                <pre className={panels.code} dir="auto" tabIndex={0}>
                  {attempt.response}
                </pre>
              </>
            )}
            {attempt.request != null && (
              <details className={styles.sent}>
                <summary>{words.sent}</summary>
                <pre className={panels.code} dir="ltr" tabIndex={0}>
                  {JSON.stringify(attempt.request, null, 2)}
                </pre>
              </details>
            )}
          </li>
        );
      })}
    </ol>
  );
}
