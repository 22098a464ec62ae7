/** What the rule did, newest first, and why. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { History, RefreshCw } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { api, ok } from '../../api/client';
import type { Schemas } from '../../api/types';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { ConditionTree } from '../../ui/condition-tree';
import { Empty } from '../../ui/empty';
import { SelectField } from '../../ui/field';
import { Skeleton } from '../../ui/skeleton';
import { Ago } from '../../ui/time';
import { useEditing } from './context';
import { useRuns } from './data';
import { Effects } from './effects';
import styles from './look.module.css';
import { actionWords } from './model/describe';
import type { WorkflowWire } from './model/draft';
import type { JsonObject } from './model/json';
import { ruleText } from './model/text';
import { runsText } from './text-rule';

type Run = Schemas['WorkflowRun'];
const OUTCOMES = ['fired', 'not_matched', 'suppressed', 'held_back'] as const;

export default function Runs({ rule }: { rule: WorkflowWire }) {
  const words = useText(runsText);
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const outcome = OUTCOMES.find((one) => one === search['outcome']);
  const { data, isError, isFetching, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useRuns(
    rule.id,
    outcome,
  );
  const runs = data?.pages.flatMap((page) => page.items);
  const end = useRef<HTMLDivElement>(null);
  // Where the end comes into sight, there is more.
  useEffect(() => {
    const element = end.current;
    if (element === null || !hasNextPage) return;
    const watch = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting === true && !isFetchingNextPage) void fetchNextPage();
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  return (
    <>
      <div className={styles.toolLine}>
        <SelectField
          label={words.filter}
          isLabelHidden
          value={outcome ?? ''}
          onChange={(event) =>
            void navigate({ to: '.', search: { ...search, outcome: event.target.value || undefined }, replace: true })
          }
        >
          <option value="">{words.all}</option>
          {OUTCOMES.map((one) => (
            <option key={one} value={one}>
              {words.outcome[one]}
            </option>
          ))}
        </SelectField>
        <Button
          label={words.refresh}
          icon={<RefreshCw size={15} />}
          busy={isFetching && !isFetchingNextPage}
          onClick={() => void refetch()}
        />
      </div>
      {isError && runs === undefined ? (
        <Empty title={words.failed} action={<Button onClick={() => void refetch()}>{words.again}</Button>} />
      ) : runs === undefined ? (
        <Skeleton lines={8} />
      ) : runs.length === 0 ? (
        <Empty title={outcome === undefined ? words.none : words.noneLike} icon={<History size={22} />}>
          {outcome === undefined ? words.noneAbout : undefined}
        </Empty>
      ) : (
        <ol className={styles.list} aria-label={words.list}>
          {runs.map((run) => (
            <li key={run.id}>
              <One run={run} match={rule.match} />
            </li>
          ))}
        </ol>
      )}
      {hasNextPage && (
        <div ref={end} className={styles.more}>
          <Button size="small" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {words.more}
          </Button>
        </div>
      )}
    </>
  );
}

function One({ run, match }: { run: Run; match: 'all' | 'any' }) {
  const words = useText(runsText);
  const rules = useText(ruleText);
  const { speech } = useEditing();
  const [isOpen, setOpen] = useState(false);
  const did = run.effects
    .filter((effect) => effect.done)
    .map(({ type, params }) => actionWords({ type, ...(params && { params: params as JsonObject }) }, speech));
  const about = run.outcome === 'suppressed' || run.outcome === 'held_back' ? words.about[run.outcome] : undefined;
  const labels = new Map(speech.custom.map(({ key, label }) => [key, label]));
  return (
    <details className={styles.run} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className={styles.outcome} data-outcome={run.outcome}>
          {words.outcome[run.outcome]}
        </span>
        <span className={styles.small} dir="auto">
          {did.length === 0 ? (about ?? rules.trigger[run.trigger]) : did.join(', ')}
        </span>
        <span className={styles.small}>
          <Ago at={run.at} />
        </span>
      </summary>
      {isOpen && (
        <div className={styles.runBody}>
          <p className={styles.small}>
            <TicketOf id={run.ticket_id} /> · {rules.trigger[run.trigger]} · {words.version(run.workflow_version)} ·{' '}
            {words.round(run.round)}
          </p>
          {about !== undefined && <p>{about}</p>}
          <div className={styles.columns}>
            <div>
              <h3 className={styles.sub}>{words.why}</h3>
              <ConditionTree conditions={run.conditions} match={match} names={speech.names} labels={labels} />
            </div>
            <div>
              <h3 className={styles.sub}>{words.did}</h3>
              <Effects effects={run.effects} />
            </div>
          </div>
        </div>
      )}
    </details>
  );
}

/** A run names its ticket by an id; the number is asked for when somebody looks closer. */
function TicketOf({ id }: { id: string }) {
  const words = useText(runsText);
  const { data } = useQuery({
    queryKey: ['ticket', id],
    queryFn: ({ signal }) => ok(api.GET('/api/tickets/{ticket}', { params: { path: { ticket: id } }, signal })),
  });
  return (
    <Link to="/tickets/$ticket" params={{ ticket: data?.ticket_number ?? id }} dir="auto">
      {data === undefined ? words.ticket : `${data.ticket_number} ${data.subject}`}
    </Link>
  );
}
