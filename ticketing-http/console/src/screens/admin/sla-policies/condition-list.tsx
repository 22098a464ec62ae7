/** The tests of a policy in rows. What rows can't show stands there as it is, and stays so. */
import { Plus, X } from 'lucide-react';
import { useMemo } from 'react';
import type { Schemas } from '../../../api/types';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { SelectField } from '../../../ui/field';
import { useCustomFields } from '../data';
import styles from './conditions.module.css';
import { ConditionValue } from './condition-value';
import {
  allFields,
  asTest,
  operatorsOf,
  shapeOf,
  testOf,
  type AskedField,
  type Operator,
  type Test,
} from './conditions';
import { policyText } from './text';

interface Props {
  conditions: readonly unknown[];
  match: Schemas['Matching'];
  onChange: (conditions: unknown[]) => void;
  onMatch: (match: Schemas['Matching']) => void;
  /** What the server says is wrong with any of them, by such as `conditions[0].value`. */
  errors: readonly { field: string; message: string }[];
}

export function useFields(): readonly AskedField[] {
  const custom = useCustomFields();
  return useMemo(() => allFields(custom.data ?? []), [custom.data]);
}

export function ConditionList({ conditions, match, onChange, onMatch, errors }: Props) {
  const words = useText(policyText);
  const fields = useFields();
  const first = fields[0];
  return (
    <div className={styles.conditions}>
      {conditions.length > 1 && (
        <SelectField
          label={words.match}
          isLabelHidden
          className={styles.match}
          value={match}
          onChange={(event) => onMatch(event.target.value === 'any' ? 'any' : 'all')}
        >
          <option value="all">{words.matchAll}</option>
          <option value="any">{words.matchAny}</option>
        </SelectField>
      )}
      <ol className={styles.list}>
        {conditions.map((part, at) => {
          const known = asTest(part, fields);
          const wrong = errors.filter((one) => one.field.startsWith(`conditions[${at}]`));
          return (
            <li key={at} className={styles.row} aria-label={words.conditionOf(String(at + 1))}>
              {known === undefined ? (
                <div className={styles.nested}>
                  <pre dir="ltr">{JSON.stringify(part, undefined, 2)}</pre>
                  <p>{words.nested}</p>
                </div>
              ) : (
                <Row
                  {...known}
                  fields={fields}
                  error={wrong.map((one) => one.message).join(' ') || undefined}
                  onChange={(next) => onChange(conditions.map((one, other) => (other === at ? next : one)))}
                />
              )}
              <Button
                label={words.removeCondition(String(at + 1))}
                icon={<X size={16} />}
                onClick={() => onChange(conditions.filter((_, other) => other !== at))}
              />
            </li>
          );
        })}
      </ol>
      <div>
        <Button
          size="small"
          icon={<Plus size={14} />}
          onClick={() => first !== undefined && onChange([...conditions, testOf(first, 'equals')])}
        >
          {words.addCondition}
        </Button>
      </div>
    </div>
  );
}

function Row({
  test,
  field,
  operator,
  fields,
  error,
  onChange,
}: {
  test: Test;
  field: AskedField;
  operator: Operator;
  fields: readonly AskedField[];
  error: string | undefined;
  onChange: (test: Test) => void;
}) {
  const words = useText(policyText);
  const names: Readonly<Record<string, string>> = words.fields;
  const isMoment = shapeOf(field, 'greater_than') === 'day';
  const say = (one: Operator) =>
    isMoment && one === 'greater_than'
      ? words.operators.after
      : isMoment && one === 'less_than'
        ? words.operators.before
        : words.operators[one];
  return (
    <div className={styles.parts}>
      <SelectField
        label={words.field}
        isLabelHidden
        className={styles.field}
        value={field.name}
        onChange={(event) => {
          const next = fields.find((one) => one.name === event.target.value);
          if (next === undefined) return;
          const same = operatorsOf(next).find((one) => one === operator) ?? operatorsOf(next)[0] ?? 'is_empty';
          onChange(testOf(next, same));
        }}
      >
        {fields.map((one) => (
          <option key={one.name} value={one.name}>
            {one.label ?? names[one.name] ?? one.name}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={words.operator}
        isLabelHidden
        className={styles.operator}
        value={operator}
        onChange={(event) => {
          const next = operatorsOf(field).find((one) => one === event.target.value);
          if (next !== undefined) onChange(testOf(field, next, test));
        }}
      >
        {operatorsOf(field).map((one) => (
          <option key={one} value={one}>
            {say(one)}
          </option>
        ))}
      </SelectField>
      <ConditionValue
        field={field}
        shape={shapeOf(field, operator)}
        value={test.value}
        error={error}
        onChange={(value) => onChange({ ...test, value })}
      />
    </div>
  );
}
