/** Why a clock stands where it stands: each stretch of time, counted or not. */
import type { Schemas } from '../../../api/types';
import { useFormat } from '../../../format';
import { defineText, useText } from '../../../text';
import { ticketText } from '../../../ui/badge';
import { Dialog } from '../../../ui/dialog';
import styles from './sla-story.module.css';

const text = defineText(
  {
    title: 'Why the clocks stand like this',
    policy: (name: string, version: number) => `Policy “${name}”, version ${version}`,
    working: 'Only working time counts.',
    always: 'All time counts, day and night.',
    counted: 'Counted',
    closed: 'Outside working time',
    paused: 'Paused',
    pausedBy: (status: string) => `Paused, because it was “${status}”`,
    over: 'Resolved or closed',
    holiday: (names: string) => `Holiday: ${names}`,
    cut: 'Older stretches are left out.',
    cutStory: 'The ticket has too many events to tell all of it.',
    target: (target: string) => `Promised: ${target}`,
    spent: (time: string) => `counted so far: ${time}`,
    warned: 'Warned',
    due: 'Due',
    breached: 'Breached',
    met: 'Kept',
    started: 'Began',
  },
  {
    title: 'Warum die Uhren so stehen',
    policy: (name: string, version: number) => `Richtlinie „${name}“, Version ${version}`,
    working: 'Nur Arbeitszeit zählt.',
    always: 'Alle Zeit zählt, Tag und Nacht.',
    counted: 'Gezählt',
    closed: 'Außerhalb der Arbeitszeit',
    paused: 'Angehalten',
    pausedBy: (status: string) => `Angehalten, weil es „${status}“ war`,
    over: 'Gelöst oder geschlossen',
    holiday: (names: string) => `Feiertag: ${names}`,
    cut: 'Ältere Abschnitte sind weggelassen.',
    cutStory: 'Das Ticket hat zu viele Ereignisse, um alles zu erzählen.',
    target: (target: string) => `Zugesagt: ${target}`,
    spent: (time: string) => `bisher gezählt: ${time}`,
    warned: 'Gewarnt',
    due: 'Fällig',
    breached: 'Überschritten',
    met: 'Eingehalten',
    started: 'Beginn',
  },
);

type Clock = Schemas['SlaClock'];
type Stretch = Schemas['SlaStretch'];

export function SlaStory({ story, onClose }: { story: Schemas['SlaStory']; onClose: () => void }) {
  const words = useText(text);
  return (
    <Dialog title={words.title} size="medium" onClose={onClose}>
      {story.policy?.name != null && (
        <p className={styles.policy} dir="auto">
          {words.policy(story.policy.name, story.policy.version)}
        </p>
      )}
      {story.is_cut && <p className={styles.policy}>{words.cutStory}</p>}
      {story.clocks.map((clock) => (
        <ClockStory key={`${clock.metric}-${clock.started_at}`} clock={clock} />
      ))}
    </Dialog>
  );
}

function ClockStory({ clock }: { clock: Clock }) {
  const words = useText(text);
  const names = useText(ticketText);
  const { date, time, dateTime, duration } = useFormat();
  const why = (stretch: Stretch) => {
    if (stretch.reason === 'paused' && stretch.status !== undefined)
      return words.pausedBy(names.status[stretch.status]);
    if (stretch.reason === 'closed' && stretch.holidays !== undefined && stretch.holidays.length > 0)
      return words.holiday(stretch.holidays.join(', '));
    const known = { counted: words.counted, closed: words.closed, paused: words.paused, over: words.over };
    return known[stretch.reason as keyof typeof known];
  };
  const ends: [string, string | null, string][] = [
    [words.warned, clock.warned_at, 'soon'],
    [words.met, clock.met_at, 'done'],
    [words.breached, clock.breached_at, 'late'],
    [words.due, clock.met_at === null && clock.breached_at === null ? clock.due_at : null, 'end'],
  ];
  const span = (from: string, to: string) =>
    date(from) === date(to) ? `${dateTime(from)} – ${time(to)}` : `${dateTime(from)} – ${dateTime(to)}`;
  const steps = [
    ...joined(clock.stretches).map((stretch) => ({
      key: stretch.from,
      at: stretch.from,
      kind: stretch.reason,
      word: why(stretch),
      lasts: Date.parse(stretch.to) - Date.parse(stretch.from),
      when: span(stretch.from, stretch.to),
    })),
    ...ends
      .filter((end): end is [string, string, string] => end[1] !== null)
      .map(([word, at, kind]) => ({ key: word, at, kind, word, lasts: undefined, when: dateTime(at) })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return (
    <section className={styles.clock}>
      <h3 className={styles.name}>{names.sla[clock.metric]}</h3>
      <p className={styles.about}>
        {words.target(clock.target)}; {words.spent(duration(clock.spent_seconds * 1000))}.{' '}
        {clock.working_time ? words.working : words.always}
      </p>
      {clock.is_cut && <p className={styles.about}>{words.cut}</p>}
      <ol className={styles.line}>
        <li className={styles.step} data-kind="end">
          <span>{words.started}</span>
          <time dateTime={clock.started_at}>{dateTime(clock.started_at)}</time>
        </li>
        {steps.map((step) => (
          <li key={step.key} className={styles.step} data-kind={step.kind}>
            <span>
              {step.word}
              {step.lasts !== undefined && <strong> {duration(step.lasts)}</strong>}
            </span>
            <span className={styles.when}>{step.when}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Stretches that follow one another for the same reason are one: between them the ticket changed in another way. */
export function joined(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const stretch of stretches) {
    const last = result.at(-1);
    const isSame =
      last?.to === stretch.from &&
      last.reason === stretch.reason &&
      last.status === stretch.status &&
      String(last.holidays ?? []) === String(stretch.holidays ?? []);
    if (isSame) result[result.length - 1] = { ...last, to: stretch.to };
    else result.push(stretch);
  }
  return result;
}
