/** What is promised, by priority. */
import { AlertTriangle } from 'lucide-react';
import { useId } from 'react';
import { PRIORITIES, type Priority, type Schemas } from '../../../api/types';
import { useText } from '../../../text';
import { PriorityBadge, ticketText } from '../../../ui/badge';
import { inputClass } from '../../../ui/field';
import { readDuration } from '../durations';
import styles from './targets.module.css';
import { policyText } from './text';

export const PROMISES = ['first_response', 'next_response', 'resolution'] as const;
export type Targets = Record<Priority, Record<(typeof PROMISES)[number], string> & { working_time: boolean }>;

/** As they are typed: every priority is there, and what is not promised is empty. */
export function readTargets(stored: Record<string, Schemas['SlaTargets']> | undefined): Targets {
  const of = (priority: Priority) => {
    const targets = stored?.[priority];
    return {
      first_response: targets?.first_response ?? '',
      next_response: targets?.next_response ?? '',
      resolution: targets?.resolution ?? '',
      working_time: targets?.working_time ?? true,
    };
  };
  return { low: of('low'), medium: of('medium'), high: of('high'), critical: of('critical') };
}

export function writeTargets(targets: Targets): Record<string, Schemas['SlaTargets']> {
  const all: Record<string, Schemas['SlaTargets']> = {};
  for (const priority of PRIORITIES) {
    const promised = PROMISES.filter((promise) => targets[priority][promise].trim() !== '');
    if (promised.length === 0) continue;
    const of: Schemas['SlaTargets'] = { working_time: targets[priority].working_time };
    for (const promise of promised) {
      const typed = targets[priority][promise];
      of[promise] = readDuration(typed) ?? typed;
    }
    all[priority] = of;
  }
  return all;
}

export function hasBadTarget(targets: Targets): boolean {
  return PRIORITIES.some((priority) =>
    PROMISES.some((promise) => {
      const typed = targets[priority][promise];
      return typed.trim() !== '' && readDuration(typed) === undefined;
    }),
  );
}

interface Props {
  targets: Targets;
  onChange: (targets: Targets) => void;
  error: (field: string) => string | undefined;
}

export function TargetGrid({ targets, onChange, error }: Props) {
  const words = useText(policyText);
  const tickets = useText(ticketText);
  const put = (priority: Priority, part: Partial<Targets[Priority]>) =>
    onChange({ ...targets, [priority]: { ...targets[priority], ...part } });
  // Roles are said outright: as cards on phones, it would be no table to screen readers.
  return (
    <table className={styles.grid} role="table" aria-label={words.targets}>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">
            {words.priority}
          </th>
          {PROMISES.map((promise) => (
            <th key={promise} scope="col" role="columnheader">
              {tickets.sla[promise]}
            </th>
          ))}
          <th scope="col" role="columnheader">
            {words.workingTime}
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {PRIORITIES.toReversed().map((priority) => (
          <tr key={priority} role="row">
            <th scope="row" role="rowheader">
              <PriorityBadge priority={priority} />
            </th>
            {PROMISES.map((promise) => (
              <td key={promise} role="cell" data-title={tickets.sla[promise]}>
                <DurationInput
                  label={words.targetOf(tickets.priority[priority], tickets.sla[promise])}
                  value={targets[priority][promise]}
                  error={error(`targets.${priority}.${promise}`)}
                  onChange={(typed) => put(priority, { [promise]: typed })}
                />
              </td>
            ))}
            <td role="cell" data-title={words.workingTime}>
              <label className={styles.check}>
                <input
                  type="checkbox"
                  aria-label={words.workingTimeOf(tickets.priority[priority])}
                  checked={targets[priority].working_time}
                  onChange={(event) => put(priority, { working_time: event.target.checked })}
                />
              </label>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Says as one types whether it is a duration; on leaving it, it is written as the desk writes it. */
function DurationInput({
  label,
  value,
  error,
  onChange,
}: {
  label: string;
  value: string;
  error: string | undefined;
  onChange: (typed: string) => void;
}) {
  const words = useText(policyText);
  const id = useId();
  const isBad = value.trim() !== '' && readDuration(value) === undefined;
  const wrong = isBad ? words.badDuration : error;
  return (
    <span className={styles.cell}>
      <input
        className={inputClass}
        aria-label={label}
        aria-invalid={wrong !== undefined || undefined}
        aria-describedby={wrong === undefined ? undefined : id}
        autoComplete="off"
        spellCheck={false}
        dir="ltr"
        placeholder="–"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onBlur={() => {
          const read = readDuration(value);
          if (read !== undefined && read !== value) onChange(read);
        }}
      />
      {wrong !== undefined && (
        <span id={id} className={styles.error}>
          <AlertTriangle size={12} aria-hidden /> {wrong}
        </span>
      )}
    </span>
  );
}
