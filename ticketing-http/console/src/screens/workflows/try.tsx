/** Tries the draft: on a ticket, and on what happened before. Nothing is done. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CheckCircle2, CircleSlash } from 'lucide-react';
import { useState } from 'react';
import { api, ok } from '../../api/client';
import type { Schemas } from '../../api/types';
import { dateTime } from '../../format';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { ConditionTree } from '../../ui/condition-tree';
import { reason } from '../../ui/toast';
import styles from './look.module.css';
import build from './builder.module.css';
import { useEditing } from './context';
import { Effects } from './effects';
import type { FieldError, WorkflowWire } from './model/draft';
import { Past } from './past';
import { Pick } from './pick';
import { tryText } from './text-rule';
import { mistakesOf, trialOf } from './trial';

interface Props {
  saved: WorkflowWire | undefined;
  onMistakes: (mistakes: FieldError[]) => void;
}

export default function Try(props: Props) {
  return (
    <>
      <OneTicket {...props} />
      <Past {...props} />
    </>
  );
}

/** Tickets that changed lately; any other is found by its number. */
function useRecent() {
  return useQuery({
    queryKey: ['tickets', 'recent-for-trials'],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      ok(api.GET('/api/tickets', { params: { query: { sort: '-updated_at', limit: 100 } }, signal })),
  });
}

function OneTicket({ saved, onMistakes }: Props) {
  const words = useText(tryText);
  const { draft } = useEditing();
  const [number, setNumber] = useState<string>();
  const { data: recent } = useRecent();
  const choices = (recent?.items ?? []).map((ticket) => ({
    id: ticket.ticket_number,
    label: `${ticket.ticket_number} ${ticket.subject}`,
  }));
  const attempt = useMutation({
    mutationFn: async (ticket: string) =>
      (await ok(
        api.POST('/api/workflows/dry-run', { body: { workflow: trialOf(draft, saved), ticket } }),
      )) as Schemas['DryRun'],
    onError: (error) => {
      const mistakes = mistakesOf(error);
      if (mistakes.some(({ field }) => field !== 'ticket')) onMistakes(mistakes);
    },
  });
  const result = attempt.data;
  return (
    <section className={build.card} aria-label={words.ticketTitle}>
      <div>
        <h2 className={build.cardTitle}>{words.ticketTitle}</h2>
        <p className={build.quiet}>{words.ticketAbout}</p>
      </div>
      <form
        className={styles.ask}
        onSubmit={(event) => {
          event.preventDefault();
          if (number !== undefined) attempt.mutate(number);
        }}
      >
        <div className={styles.grow}>
          <Pick
            label={words.ticket}
            choices={choices}
            isSingle
            takesText
            placeholder={words.ticketHint}
            value={number === undefined ? [] : [number]}
            onChange={([next]) => {
              setNumber(next?.trim());
              attempt.reset();
              if (next !== undefined) attempt.mutate(next.trim());
            }}
          />
        </div>
        <Button kind="primary" type="submit" busy={attempt.isPending} disabled={number === undefined}>
          {words.run}
        </Button>
      </form>
      <div role="status" className={build.stack}>
        {attempt.error !== null && <Failure error={attempt.error} />}
        {result !== undefined && number !== undefined && (
          <>
            <p className={styles.verdict} data-fires={result.would_fire}>
              {result.would_fire ? <CheckCircle2 size={18} /> : <CircleSlash size={18} />}
              {result.would_fire ? words.fires : words.firesNot}
              <Link to="/tickets/$ticket" params={{ ticket: number }}>
                {number}
              </Link>
            </p>
            <p className={build.quiet}>
              {result.basis.kind === 'event' ? words.basis.event(dateTime(result.basis.at)) : words.basis.assumed}{' '}
              {!result.would_fire && words.because}
            </p>
            <div className={styles.columns}>
              <div>
                <h3 className={styles.sub}>{words.conditions}</h3>
                <Tree conditions={result.conditions} />
              </div>
              <div>
                <h3 className={styles.sub}>{words.effects}</h3>
                <Effects effects={result.effects} />
              </div>
            </div>
          </>
        )}
      </div>
    </section>
  );
}

/** Conditions with what was found, in the names of this desk. */
export function Tree({ conditions }: { conditions: readonly Record<string, unknown>[] }) {
  const { draft, speech } = useEditing();
  const labels = new Map(speech.custom.map(({ key, label }) => [key, label]));
  return (
    <ConditionTree conditions={conditions} match={draft.conditions.root.op} names={speech.names} labels={labels} />
  );
}

export function Failure({ error }: { error: unknown }) {
  const words = useText(tryText);
  const isMistaken = mistakesOf(error).some(({ field }) => field !== 'ticket');
  return <p className={build.error}>{isMistaken ? words.mistakes : reason(error)}</p>;
}
