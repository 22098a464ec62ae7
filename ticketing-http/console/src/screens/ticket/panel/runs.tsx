/** What rules did about this ticket, what they did not, and why. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ban, Check, ChevronRight, CircleSlash, Pause, X, Zap } from 'lucide-react';
import { type ReactNode, useId, useMemo, useState } from 'react';
import { api, ok } from '../../../api/client';
import { useDirectory } from '../../../api/directory';
import { useMe } from '../../../api/session';
import type { Schemas, Ticket } from '../../../api/types';
import { defineText, useText } from '../../../text';
import { Button } from '../../../ui/button';
import { ConditionTree } from '../../../ui/condition-tree';
import { Ago } from '../../../ui/time';
import { Load } from './load';
import styles from './runs.module.css';

const text = defineText(
  {
    none: 'No rule has looked at this ticket yet.',
    version: (n: number) => `version ${n}`,
    open: 'Open the rule',
    more: 'Older runs',
    conditions: 'Conditions',
    effects: 'What was done',
    nothing: 'Nothing.',
    round: (n: number) => `round ${n}`,
    outcome: {
      fired: 'Fired',
      not_matched: 'Did not match',
      suppressed: 'Stopped by the limits',
      held_back: 'Held back',
    },
    trigger: {
      ticket_created: 'ticket created',
      ticket_updated: 'ticket updated',
      status_change: 'status changed',
      priority_change: 'priority changed',
      assignment: 'assigned',
      escalation: 'escalated',
      sla_breach: 'SLA breached',
      comment_added: 'comment added',
      time_based: 'by time',
    },
  },
  {
    none: 'Noch keine Regel hat dieses Ticket geprüft.',
    version: (n: number) => `Version ${n}`,
    open: 'Regel öffnen',
    more: 'Ältere Läufe',
    conditions: 'Bedingungen',
    effects: 'Was getan wurde',
    nothing: 'Nichts.',
    round: (n: number) => `Runde ${n}`,
    outcome: {
      fired: 'Ausgelöst',
      not_matched: 'Traf nicht zu',
      suppressed: 'Durch Grenzen angehalten',
      held_back: 'Zurückgehalten',
    },
    trigger: {
      ticket_created: 'Ticket angelegt',
      ticket_updated: 'Ticket geändert',
      status_change: 'Status geändert',
      priority_change: 'Priorität geändert',
      assignment: 'zugewiesen',
      escalation: 'eskaliert',
      sla_breach: 'SLA überschritten',
      comment_added: 'Kommentar',
      time_based: 'nach Zeit',
    },
  },
);

type Run = Schemas['WorkflowRun'];

const icons: Record<Run['outcome'], ReactNode> = {
  fired: <Zap size={14} />,
  not_matched: <CircleSlash size={14} />,
  suppressed: <Ban size={14} />,
  held_back: <Pause size={14} />,
};

export function Runs({ ticket }: { ticket: Ticket }) {
  const words = useText(text);
  const runs = useInfiniteQuery({
    queryKey: ['ticket', ticket.ticket_number, 'runs', ticket.version],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      ok(
        api.GET('/api/tickets/{ticket}/workflow-runs', {
          params: {
            path: { ticket: ticket.id },
            query: { limit: 10, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  return (
    <Load query={runs}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        return items.length === 0 ? (
          <p className={styles.none}>{words.none}</p>
        ) : (
          <>
            <ul>
              {items.map((run) => (
                <RunLine key={run.id} run={run} />
              ))}
            </ul>
            {runs.hasNextPage && (
              <Button
                size="small"
                kind="quiet"
                busy={runs.isFetchingNextPage}
                onClick={() => void runs.fetchNextPage()}
              >
                {words.more}
              </Button>
            )}
          </>
        );
      }}
    </Load>
  );
}

function RunLine({ run }: { run: Run }) {
  const words = useText(text);
  const me = useMe();
  const id = useId();
  const { staff, teams } = useDirectory();
  const [isOpen, setOpen] = useState(false);
  const names = useMemo(
    () => new Map([...staff.values(), ...teams.values()].map(({ id, name }) => [id, name])),
    [staff, teams],
  );
  const nameOf = (value: unknown): string | undefined => (typeof value === 'string' ? names.get(value) : undefined);
  return (
    <li className={styles.run} data-outcome={run.outcome}>
      <button
        type="button"
        className={styles.head}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <ChevronRight size={14} className={styles.chevron} />
        <span className={styles.name} dir="auto">
          {run.workflow_name}
        </span>
        <span className={styles.outcome}>
          {icons[run.outcome]}
          {words.outcome[run.outcome]}
        </span>
      </button>
      {isOpen && (
        <div id={id} className={styles.body}>
          <p className={styles.about}>
            <Ago at={run.at} /> · {words.trigger[run.trigger]} · {words.version(run.workflow_version)}
            {run.round > 1 && ` · ${words.round(run.round)}`}
            {me.role === 'admin' && (
              <>
                {' · '}
                <Link to="/workflows/$id" params={{ id: run.workflow_id }}>
                  {words.open}
                </Link>
              </>
            )}
          </p>
          <h3 className={styles.heading}>{words.conditions}</h3>
          <ConditionTree conditions={run.conditions} names={names} />
          <h3 className={styles.heading}>{words.effects}</h3>
          {run.effects.length === 0 && <p className={styles.none}>{words.nothing}</p>}
          <ul className={styles.effects}>
            {run.effects.map((effect, at) => (
              <li key={at} className={styles.effect} data-done={effect.done}>
                {effect.done ? <Check size={14} /> : <X size={14} />}
                <div>
                  <span className={styles.type}>{effect.type.replaceAll('_', ' ')}</span>
                  {effect.reason !== undefined && <p dir="auto">{effect.reason}</p>}
                  <dl className={styles.params}>
                    {Object.entries(effect.params ?? {}).map(([name, value]) => (
                      <div key={name}>
                        <dt>{name}</dt>
                        <dd dir="auto">{inWords(value, nameOf)}</dd>
                      </div>
                    ))}
                  </dl>
                </div>
              </li>
            ))}
          </ul>
        </div>
      )}
    </li>
  );
}

function inWords(value: unknown, nameOf: (value: unknown) => string | undefined): string {
  if (Array.isArray(value)) return value.map((one) => inWords(one, nameOf)).join(', ');
  if (typeof value === 'string') return nameOf(value) ?? value;
  return JSON.stringify(value);
}
