/** A timer that is there: its clock, and what can be done with it. */
import { Pause, Play, Square } from 'lucide-react';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { clockText } from './amount';
import styles from './controls.module.css';
import { askTime } from './open';
import { timerText } from './text';
import { useElapsed, useTimerChange, type Timer } from './timer';

export function Clock({ timer }: { timer: Timer }) {
  const words = useText(timerText);
  const elapsed = useElapsed(timer);
  return (
    <span
      role="timer"
      className={styles.clock}
      data-is-running={timer.is_running}
      aria-label={`${timer.is_running ? words.running : words.resting}: ${clockText(elapsed)}`}
    >
      {clockText(elapsed)}
    </span>
  );
}

/** What pausing, going on and stopping do, for buttons and commands alike. */
export function useTimerWork(timer: Timer | null | undefined) {
  const { pause, stop, isBusy } = useTimerChange();
  return {
    isBusy,
    toggle: () => {
      if (timer != null && !isBusy) pause.mutate({ timer, to: timer.is_running ? 'pause' : 'resume' });
    },
    stop: () => {
      if (timer == null || isBusy) return;
      stop.mutate(timer, {
        onSuccess: (entry) =>
          askTime({
            kind: 'edit',
            entry,
            // The ticket may have been merged meanwhile, and the entry be with the one that took it in.
            ticket: timer.ticket !== null && timer.ticket.id === entry.ticket_id ? timer.ticket : undefined,
            isFromTimer: true,
          }),
      });
    },
  };
}

export function TimerButtons({ timer }: { timer: Timer }) {
  const words = useText(timerText);
  const { isBusy, toggle, stop } = useTimerWork(timer);
  return (
    <>
      <Button
        size="small"
        label={timer.is_running ? words.pause : words.resume}
        icon={timer.is_running ? <Pause size={14} /> : <Play size={14} />}
        busy={isBusy}
        onClick={toggle}
      />
      <Button size="small" label={words.stop} icon={<Square size={14} />} busy={isBusy} onClick={stop} />
    </>
  );
}
