/** Why a rule acted or did not: its conditions as they were written, with what was found at each and how it came out. */
import { Check, Minus, X } from 'lucide-react';
import { useText } from '../text';
import { ticketText } from './badge';
import styles from './condition-tree.module.css';
import { conditionText, fieldName, operatorName, wordOf } from './condition-text';

type Told = Record<string, unknown>;

interface Props {
  /** As the API tells them, of a run or a trial. */
  conditions: readonly Told[];
  /** How those of the outermost list belong together. */
  match?: 'all' | 'any';
  /** What people, teams and companies are called, by their ids. */
  names?: ReadonlyMap<string, string>;
  /** What the desk calls its own fields, by their keys. */
  labels?: ReadonlyMap<string, string>;
}

export function ConditionTree({ conditions, match = 'all', names, labels }: Props) {
  const words = useText(conditionText);
  if (conditions.length === 0) return <p className={styles.always}>{words.always}</p>;
  const list = (
    <ul className={styles.tree}>
      {conditions.map((told, at) => (
        <Node key={at} told={told} {...{ names, labels }} />
      ))}
    </ul>
  );
  return conditions.length === 1 ? (
    list
  ) : (
    <div>
      <p className={styles.join}>{words[match]}:</p>
      {list}
    </div>
  );
}

interface Names {
  names: ReadonlyMap<string, string> | undefined;
  labels: ReadonlyMap<string, string> | undefined;
}

function Node({ told, isNot = false, outer, ...more }: { told: Told; isNot?: boolean; outer?: unknown } & Names) {
  const words = useText(conditionText);
  const result = outer === undefined ? told['result'] : outer;
  const inner = told['not'];
  // What is negated says so itself; the mark is that of the whole.
  if (isTold(inner)) return <Node told={inner} isNot={!isNot} outer={result} {...more} />;
  for (const op of ['all', 'any'] as const) {
    const parts = told[op];
    if (!Array.isArray(parts)) continue;
    const title = op === 'all' ? (isNot ? words.notAll : words.all) : isNot ? words.notAny : words.any;
    return (
      <li>
        <div className={styles.line}>
          <Mark result={result} />
          <span className={styles.join}>{title}:</span>
        </div>
        <ul className={styles.tree}>
          {parts.filter(isTold).map((part, at) => (
            <Node key={at} told={part} {...more} />
          ))}
        </ul>
      </li>
    );
  }
  return (
    <li className={styles.line}>
      <Mark result={result} />
      <Test told={told} isNot={isNot} {...more} />
    </li>
  );
}

function isTold(value: unknown): value is Told {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function Mark({ result }: { result: unknown }) {
  const words = useText(conditionText);
  const [icon, label, state] =
    result === true
      ? [<Check key="" size={14} />, words.held, 'yes']
      : result === false
        ? [<X key="" size={14} />, words.failed, 'no']
        : [<Minus key="" size={14} />, words.unknown, 'unknown'];
  return (
    <span className={styles.mark} data-result={state} title={label}>
      {icon}
      <span className="visually-hidden">{label}: </span>
    </span>
  );
}

function Test({ told, isNot, names, labels }: { told: Told; isNot: boolean } & Names) {
  const words = useText(conditionText);
  const ticket = useText(ticketText);
  const field = String(told['field']);
  const operator = String(told['operator']);
  const one = (value: unknown): string => {
    if (value === null || value === undefined || value === '') return words.nothing;
    if (typeof value === 'boolean') return value ? words.yes : words.no;
    if (typeof value !== 'string') return JSON.stringify(value);
    return names?.get(value) ?? wordOf(field, value, words, ticket) ?? value;
  };
  const all = (value: unknown) =>
    Array.isArray(value) ? value.map(one).join(operator === 'between' ? ` ${words.and} ` : ', ') : one(value);
  const takesNone = ['is_empty', 'is_not_empty', 'changed'].includes(operator);
  const isMoment = field.endsWith('_at');
  return (
    <span className={styles.test} dir="auto">
      {isNot && <em className={styles.not}>{words.not}</em>} <b>{fieldName(field, words, labels)}</b>{' '}
      {operatorName(operator, isMoment, words)} {!takesNone && <q className={styles.value}>{all(told['value'])}</q>}
      {told['result'] !== null && <span className={styles.found}>{words.found(all(told['actual']))}</span>}
    </span>
  );
}
