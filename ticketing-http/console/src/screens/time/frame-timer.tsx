/** The timer in the frame: wherever one is, it can be seen, held and stopped. Loaded once the first page is there. */
import { Link, useRouter } from '@tanstack/react-router';
import { Suspense, lazy } from 'react';
import { useCommands, type Command } from '../../keys/commands';
import { useText } from '../../text';
import { Clock, TimerButtons, useTimerWork } from './controls';
import styles from './frame-timer.module.css';
import { askTime, useTimeQuestion } from './open';
import { timerText, timeText } from './text';
import { useTimer, useTimerWhenBack } from './timer';

const Questions = lazy(() => import('./questions'));

/** In the bar of a phone it is a second time, and says less. */
export default function FrameTimer({ isInBar = false }: { isInBar?: boolean }) {
  return isInBar ? <Shown isInBar /> : <Whole />;
}

function Whole() {
  const words = useText(timerText);
  const time = useText(timeText);
  const router = useRouter();
  const timer = useTimer();
  const question = useTimeQuestion();
  const { toggle, stop } = useTimerWork(timer);
  useTimerWhenBack();
  const command = (id: string, title: string, run: () => void): Command => ({
    id: `timer.${id}`,
    group: words.group,
    title,
    words: words.words,
    run,
  });
  const { ticket } = timer ?? {};
  useCommands(
    [
      { id: 'time.log', group: time.group, title: time.log, run: () => askTime({ kind: 'log' }) },
      ...(timer == null
        ? []
        : [
            command('toggle', timer.is_running ? words.pause : words.resume, toggle),
            command('stop', words.stop, stop),
            command('discard', words.discard, () => askTime({ kind: 'discard' })),
            ...(ticket == null
              ? []
              : [
                  command(
                    'go',
                    words.go,
                    () => void router.navigate({ to: '/tickets/$ticket', params: { ticket: ticket.ticket_number } }),
                  ),
                ]),
          ]),
    ],
    true,
  );
  return (
    <>
      <Shown />
      <Suspense>{question !== undefined && <Questions question={question} />}</Suspense>
    </>
  );
}

function Shown({ isInBar = false }: { isInBar?: boolean }) {
  const words = useText(timerText);
  const timer = useTimer();
  if (timer == null) return null;
  const { ticket } = timer;
  return (
    <section className={isInBar ? styles.inBar : styles.timer} aria-label={words.timer}>
      {ticket === null ? (
        <span className={styles.what}>
          <Clock timer={timer} />
        </span>
      ) : (
        <Link
          to="/tickets/$ticket"
          params={{ ticket: ticket.ticket_number }}
          className={styles.what}
          title={`${ticket.ticket_number} ${ticket.subject}`}
        >
          <Clock timer={timer} />
          {!isInBar && <span className={styles.ticket}>{ticket.ticket_number}</span>}
        </Link>
      )}
      <TimerButtons timer={timer} />
    </section>
  );
}
