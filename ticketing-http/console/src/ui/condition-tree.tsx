/**
 * The conditions of a rule as a tree, as the API tells them: what was expected, and where a rule was looked at, what was
 * found and whether it held.
 */
import { Check, Minus, X } from 'lucide-react';
import { useFormat } from '../format';
import { defineText, useText } from '../text';
import styles from './condition-tree.module.css';

const text = defineText(
  {
    all: 'All of these',
    any: 'Any of these',
    not: 'Not',
    held: 'held',
    failed: 'did not hold',
    unknown: 'not looked at',
    was: 'was',
    nothing: 'nothing',
    none: 'No conditions: it always holds.',
    yes: 'yes',
    no: 'no',
  },
  {
    all: 'Alle davon',
    any: 'Eine davon',
    not: 'Nicht',
    held: 'traf zu',
    failed: 'traf nicht zu',
    unknown: 'nicht geprüft',
    was: 'war',
    nothing: 'leer',
    none: 'Keine Bedingungen: trifft immer zu.',
    yes: 'ja',
    no: 'nein',
  },
);

type Json = unknown;
type Node = Readonly<Record<string, Json>>;

/** What holds a list of others, and which. */
function group(node: Node): { kind: 'all' | 'any' | 'not'; children: Node[] } | undefined {
  for (const kind of ['all', 'any', 'not'] as const) {
    const inner = node[kind];
    if (inner === undefined) continue;
    return { kind, children: (Array.isArray(inner) ? inner : [inner]).filter(isNode) };
  }
  return undefined;
}

function isNode(value: Json): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Props {
  conditions: Json;
  /** How the outermost belong together, where it is known. */
  match?: 'all' | 'any';
  /** How a field is called; unless said, as rules write it. */
  fieldName?: (field: string) => string;
  /** How an operator is called. */
  operatorName?: (operator: string) => string;
  /** How the value of a field is told; undefined leaves it as it is. */
  valueName?: (field: string, value: Json) => string | undefined;
}

export function ConditionTree({ conditions, match, ...names }: Props) {
  const words = useText(text);
  const nodes = (Array.isArray(conditions) ? conditions : [conditions]).filter(isNode);
  if (nodes.length === 0) return <p className={styles.none}>{words.none}</p>;
  return (
    <div className={styles.tree}>
      {match !== undefined && nodes.length > 1 && <span className={styles.group}>{words[match]}</span>}
      <ul className={styles.list}>
        {nodes.map((node, at) => (
          <Branch key={at} node={node} {...names} />
        ))}
      </ul>
    </div>
  );
}

type Names = Pick<Props, 'fieldName' | 'operatorName' | 'valueName'>;

function Branch({ node, ...names }: { node: Node } & Names) {
  const words = useText(text);
  const inner = group(node);
  if (inner !== undefined) {
    return (
      <li>
        <div className={styles.row}>
          <Mark node={node} />
          <span className={styles.group}>{words[inner.kind]}</span>
        </div>
        <ul className={styles.list}>
          {inner.children.map((child, at) => (
            <Branch key={at} node={child} {...names} />
          ))}
        </ul>
      </li>
    );
  }
  const field = typeof node['field'] === 'string' ? node['field'] : '';
  const operator = typeof node['operator'] === 'string' ? node['operator'] : '';
  return (
    <li className={styles.row} data-result={String(node['result'])}>
      <Mark node={node} />
      <span className={styles.test}>
        <span className={styles.field}>{names.fieldName?.(field) ?? field}</span>{' '}
        <span className={styles.operator}>{names.operatorName?.(operator) ?? operator.replaceAll('_', ' ')}</span>{' '}
        {node['value'] !== undefined && <Value field={field} value={node['value']} {...names} />}
        {'actual' in node && (
          <span className={styles.actual}>
            {' '}
            {words.was} <Value field={field} value={node['actual']} {...names} />
          </span>
        )}
      </span>
    </li>
  );
}

function Mark({ node }: { node: Node }) {
  const words = useText(text);
  if (!('result' in node)) return null;
  const result = node['result'];
  const [icon, word, tone] =
    result === true
      ? [<Check key="held" size={14} />, words.held, 'held']
      : result === false
        ? [<X key="failed" size={14} />, words.failed, 'failed']
        : [<Minus key="unknown" size={14} />, words.unknown, 'unknown'];
  return (
    <span className={styles.mark} data-tone={tone} title={word}>
      {icon}
      <span className="visually-hidden">{word}:</span>
    </span>
  );
}

function Value({ field, value, valueName }: { field: string; value: Json } & Names) {
  const words = useText(text);
  const { number } = useFormat();
  const told = (one: Json): string => {
    const name = valueName?.(field, one);
    if (name !== undefined) return name;
    if (one === null || one === undefined || one === '') return words.nothing;
    if (typeof one === 'boolean') return one ? words.yes : words.no;
    if (typeof one === 'number') return number(one);
    return typeof one === 'string' ? one : JSON.stringify(one);
  };
  const all = Array.isArray(value) ? (value.length === 0 ? [null] : value) : [value];
  return (
    <span className={styles.value} dir="auto">
      {all.map(told).join(', ')}
    </span>
  );
}
