/** What the draft would have done over the last days, and what would have come out otherwise. */
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { api, ok } from '../../api/client';
import { Problem } from '../../api/problem';
import { number as written } from '../../format';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { SelectField } from '../../ui/field';
import styles from './look.module.css';
import build from './builder.module.css';
import { useEditing } from './context';
import { linesOf, shareOf, type Progress, type Report } from './model/backtest';
import type { FieldError, WorkflowWire } from './model/draft';
import { PastResult } from './past-result';
import { tryText } from './text-rule';
import { mistakesOf, trialOf, type TrialRule } from './trial';
import { Failure } from './try';

const DAYS = [7, 30, 90, 365];
const DAY_MS = 86_400_000;

interface Stretch {
  from: string;
  to: string;
}

async function look(
  workflow: TrialRule,
  history: Stretch,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Report> {
  const stream = await ok(
    api.POST('/api/workflows/dry-run', {
      body: { workflow, history },
      headers: { Accept: 'application/x-ndjson' },
      parseAs: 'stream',
      signal,
    }),
  );
  for await (const told of linesOf(stream)) {
    if ('progress' in told) onProgress(told.progress);
    else if ('problem' in told) throw new Problem(told.problem.status ?? 500, told.problem);
    else return told;
  }
  // Whoever hung up told nothing more.
  throw new Problem(0, {});
}

type State =
  | { is: 'idle' }
  | { is: 'looking'; stretch: Stretch; progress: Progress | undefined }
  | { is: 'done'; report: Report }
  | { is: 'cancelled' }
  | { is: 'failed'; error: unknown };

export function Past({
  saved,
  onMistakes,
}: {
  saved: WorkflowWire | undefined;
  onMistakes: (of: FieldError[]) => void;
}) {
  const words = useText(tryText);
  const { draft } = useEditing();
  const [days, setDays] = useState(30);
  const [state, setState] = useState<State>({ is: 'idle' });
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);

  const start = async () => {
    abort.current?.abort();
    const own = new AbortController();
    abort.current = own;
    const now = Date.now();
    const stretch = { from: new Date(now - days * DAY_MS).toISOString(), to: new Date(now).toISOString() };
    setState({ is: 'looking', stretch, progress: undefined });
    try {
      const report = await look(trialOf(draft, saved), stretch, own.signal, (progress) =>
        setState({ is: 'looking', stretch, progress }),
      );
      setState({ is: 'done', report });
    } catch (error) {
      if (own.signal.aborted) return;
      const mistakes = mistakesOf(error);
      if (mistakes.length > 0) onMistakes(mistakes);
      setState({ is: 'failed', error });
    }
  };
  const cancel = () => {
    abort.current?.abort();
    setState({ is: 'cancelled' });
  };
  const isTimed = draft.trigger === 'time_based';
  return (
    <section className={build.card} aria-label={words.pastTitle}>
      <div>
        <h2 className={build.cardTitle}>{words.pastTitle}</h2>
        <p className={build.quiet}>{isTimed ? words.notTime : words.pastAbout}</p>
      </div>
      <form
        className={styles.ask}
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <SelectField label={words.days} value={days} onChange={(event) => setDays(Number(event.target.value))}>
          {DAYS.map((one) => (
            <option key={one} value={one}>
              {words.day(one)}
            </option>
          ))}
        </SelectField>
        {state.is === 'looking' ? (
          <Button onClick={cancel}>{words.cancel}</Button>
        ) : (
          <Button kind="primary" type="submit">
            {words.look}
          </Button>
        )}
      </form>
      {state.is === 'looking' && (
        <div className={build.stack}>
          <progress
            className={styles.progress}
            aria-label={words.progress}
            max={1}
            value={state.progress && shareOf(state.progress.at, state.stretch.from, state.stretch.to)}
          />
          <p className={build.quiet}>
            {words.reading(written(state.progress?.changes ?? 0), written(state.progress?.matched ?? 0))}
          </p>
        </div>
      )}
      <div role="status">
        {state.is === 'cancelled' && <p className={build.quiet}>{words.cancelled}</p>}
        {state.is === 'failed' && <Failure error={state.error} />}
        {state.is === 'done' && state.report.matched === 0 && <p>{words.nothing}</p>}
      </div>
      {state.is === 'done' && <PastResult report={state.report} />}
    </section>
  );
}

export function TicketLink({ number }: { number: string }) {
  return (
    <Link to="/tickets/$ticket" params={{ ticket: number }}>
      {number}
    </Link>
  );
}
