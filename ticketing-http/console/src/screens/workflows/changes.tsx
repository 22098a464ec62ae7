/** In what two versions of a rule differ, field by field, in words. */
import { useText } from '../../text';
import { classes } from '../../ui/classes';
import styles from './changes.module.css';
import { readConditions } from './model/conditions';
import { actionLines, conditionLines, plainValue, type Speech } from './model/describe';
import { isObject, type Json } from './model/json';
import { compareLines } from './model/lines';
import { versionsText } from './text-rule';

interface Props {
  changes: Record<string, unknown[]>;
  speech: Speech;
}

function linesOf(field: string, value: unknown, match: unknown, speech: Speech): string[] {
  if (field === 'trigger_conditions')
    return conditionLines(readConditions(value as Json, match === 'any' ? 'any' : 'all').root, speech);
  if (field === 'actions' && Array.isArray(value)) {
    return value.filter(isObject).flatMap((action, at) => {
      const params = isObject(action['params']) ? { params: action['params'] } : {};
      const type = typeof action['type'] === 'string' ? action['type'] : '';
      const [first = '', ...rest] = actionLines({ type, ...params }, speech);
      return [`${at + 1}. ${first}`, ...rest];
    });
  }
  const { rule, condition } = speech;
  if (field === 'trigger_type') return [(rule.trigger as Record<string, string>)[String(value)] ?? String(value)];
  if (field === 'match') return [value === 'any' ? condition.any : condition.all];
  return plainValue(value, speech).split('\n');
}

export function Changes({ changes, speech }: Props) {
  const words = useText(versionsText);
  const fields = Object.entries(changes);
  if (fields.length === 0) return <p className={styles.same}>{words.same}</p>;
  const matches = changes['match'] ?? [];
  return (
    <dl className={styles.changes}>
      {fields.map(([field, [before, after]]) => {
        const lines = compareLines(
          linesOf(field, before, matches[0], speech),
          linesOf(field, after, matches[1], speech),
        );
        return (
          <div key={field} className={styles.field}>
            <dt>{(words.fields as Record<string, string>)[field] ?? field}</dt>
            <dd>
              {lines.map((line, at) => {
                const Tag = line.sign === 'old' ? 'del' : line.sign === 'new' ? 'ins' : 'span';
                return (
                  <Tag key={at} className={classes(styles.line, styles[line.sign])} dir="auto">
                    {line.sign !== 'same' && (
                      <span className="visually-hidden">{line.sign === 'old' ? words.old : words.new}: </span>
                    )}
                    {line.text}
                  </Tag>
                );
              })}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
