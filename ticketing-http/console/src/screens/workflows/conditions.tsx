/** Conditions that can be changed: groups in groups, each a fieldset with a name. */
import { MoreHorizontal, Plus, Trash2 } from 'lucide-react';
import { useText } from '../../text';
import { fieldName, operatorName } from '../../ui/condition-text';
import { Button, buttonClass } from '../../ui/button';
import { SelectField, TextField } from '../../ui/field';
import { MenuButton } from '../../ui/menu-button';
import styles from './builder.module.css';
import { useEditing, useErrorAt } from './context';
import { JsonField } from './json-field';
import {
  FIELDS,
  HEADER,
  STANDING,
  customInfo,
  fieldInfo,
  operatorsOf,
  plainName,
  refit,
  type FieldGroup,
} from './model/catalog';
import { parentOf, type Condition, type Group, type Leaf } from './model/conditions';
import { nameOfField } from './model/describe';
import { buildText } from './text-build';
import { ValueField } from './value';

export function Conditions() {
  const { draft } = useEditing();
  return <GroupEditor group={draft.conditions.root} number="" isRoot />;
}

function Node({ node, number }: { node: Condition; number: string }) {
  if (node.kind === 'group') return <GroupEditor group={node} number={number} />;
  if (node.kind === 'leaf') return <LeafEditor leaf={node} number={number} />;
  return <UnknownEditor node={node} number={number} />;
}

type Join = 'all' | 'any' | 'notAll' | 'notAny';

function joinOf({ op, nots }: Group): Join {
  return nots % 2 === 0 ? op : op === 'all' ? 'notAll' : 'notAny';
}

function GroupEditor({ group, number, isRoot = false }: { group: Group; number: string; isRoot?: boolean }) {
  const words = useText(buildText);
  const { draft, step, places } = useEditing();
  const place = places.get(group.id) ?? '';
  const own = useOwnError(place, group);
  const join = joinOf(group);
  // A list of which `match` speaks can't be negated as a whole.
  const canNegate = !isRoot || draft.conditions.shape === 'group';
  const joins: Join[] = canNegate ? ['all', 'any', 'notAny', 'notAll'] : ['all', 'any'];
  const set = (next: Join) => {
    const isNot = next === 'notAll' || next === 'notAny';
    const op = next === 'all' || next === 'notAll' ? 'all' : 'any';
    const nots = isNot === (group.nots % 2 === 1) ? group.nots : isNot ? 1 : 0;
    step({ do: 'change', id: group.id, what: { op, nots, isBare: isRoot ? group.isBare : false } });
  };
  return (
    <fieldset className={isRoot ? styles.root : styles.group} data-op={group.op} onKeyDown={useKeys(group.id, isRoot)}>
      <legend className="visually-hidden">
        {isRoot ? words.if : `${words.group} ${number}`}: {words.joins[join]}
      </legend>
      {(group.children.length > 1 || !isRoot || group.op !== 'all') && (
        <div className={styles.groupHead}>
          <SelectField
            label={words.joined}
            isLabelHidden
            className={styles.join}
            value={join}
            onChange={(event) => set(event.target.value as Join)}
          >
            {joins.map((one) => (
              <option key={one} value={one}>
                {words.joins[one]}
              </option>
            ))}
          </SelectField>
          {!isRoot && <NodeMenu node={group} name={`${words.group} ${number}`} />}
        </div>
      )}
      {own !== undefined && <p className={styles.error}>{own}</p>}
      {group.children.length === 0 && <p className={styles.quiet}>{isRoot ? words.noConditions : words.emptyGroup}</p>}
      <ol className={styles.children}>
        {group.children.map((child, at) => (
          <li key={child.id}>
            <Node node={child} number={number === '' ? String(at + 1) : `${number}.${at + 1}`} />
          </li>
        ))}
      </ol>
      <div className={styles.adds}>
        <Button
          size="small"
          kind="quiet"
          icon={<Plus size={14} />}
          onClick={() => step({ do: 'add', to: group.id, what: 'leaf' })}
        >
          {words.addCondition}
        </Button>
        <Button
          size="small"
          kind="quiet"
          icon={<Plus size={14} />}
          onClick={() => step({ do: 'add', to: group.id, what: 'group' })}
        >
          {words.addGroup}
        </Button>
      </div>
    </fieldset>
  );
}

/** What is wrong with a group itself, and not with what stands in it. */
function useOwnError(place: string, group: Group): string | undefined {
  const { errors, places } = useEditing();
  const inside = group.children.map((child) => places.get(child.id) ?? '');
  const own = errors.filter(
    ({ field }) =>
      (field === place || field.startsWith(`${place}.`)) && !inside.some((child) => field.startsWith(child)),
  );
  return own.length === 0 ? undefined : own.map(({ message }) => message).join(' ');
}

/** Alt and the arrows move a condition within its group, into one and out of it. */
function useKeys(id: string, isRoot = false) {
  const { step } = useEditing();
  return (event: React.KeyboardEvent) => {
    if (!event.altKey || isRoot) return;
    const steps = {
      ArrowUp: { do: 'move', id, by: -1 },
      ArrowDown: { do: 'move', id, by: 1 },
      ArrowRight: { do: 'indent', id },
      ArrowLeft: { do: 'outdent', id },
    } as const;
    const wanted = steps[event.key as keyof typeof steps] as (typeof steps)[keyof typeof steps] | undefined;
    if (wanted === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    step(wanted);
  };
}

function NodeMenu({ node, name }: { node: Condition; name: string }) {
  const words = useText(buildText);
  const { draft, step } = useEditing();
  const parent = parentOf(draft.conditions.root, node.id);
  const { id } = node;
  const last = (parent?.group.children.length ?? 1) - 1;
  return (
    <MenuButton
      label={words.moreOf(name)}
      className={buttonClass('quiet', undefined, true)}
      groups={[
        {
          items: [
            {
              id: 'up',
              label: words.up,
              keys: 'Alt ↑',
              isDisabled: parent?.at === 0,
              run: () => step({ do: 'move', id, by: -1 }),
            },
            {
              id: 'down',
              label: words.down,
              keys: 'Alt ↓',
              isDisabled: parent?.at === last,
              run: () => step({ do: 'move', id, by: 1 }),
            },
            { id: 'indent', label: words.indent, keys: 'Alt →', run: () => step({ do: 'indent', id }) },
            {
              id: 'outdent',
              label: words.outdent,
              keys: 'Alt ←',
              isDisabled: parent?.group.id === draft.conditions.root.id,
              run: () => step({ do: 'outdent', id }),
            },
          ],
        },
        {
          items: [
            { id: 'negate', label: words.negate, run: () => step({ do: 'negate', id }) },
            { id: 'copy', label: words.copy, run: () => step({ do: 'copy', id }) },
            { id: 'remove', label: words.remove, isDanger: true, run: () => step({ do: 'remove', id }) },
          ],
        },
      ]}
    >
      <MoreHorizontal size={16} />
    </MenuButton>
  );
}

const GROUP_ORDER: FieldGroup[] = [
  'ticket',
  'custom',
  'customer',
  'organization',
  'agent',
  'comment',
  'email',
  'change',
  'time',
];

function LeafEditor({ leaf, number }: { leaf: Leaf; number: string }) {
  const words = useText(buildText);
  const { step, places, speech, isStanding = false } = useEditing();
  const place = `${places.get(leaf.id) ?? ''}${'.not'.repeat(leaf.nots)}`;
  const own = useErrorsExcept(place, ['field', 'operator', 'value']);
  const fieldError = useErrorAt(`${place}.field`);
  const operatorError = useErrorAt(`${place}.operator`);
  const valueError = useErrorAt(`${place}.value`);
  const info = fieldInfo(leaf.field, speech.custom);
  const plain = plainName(leaf.field);
  const isHeader = plain.startsWith(HEADER);
  const custom = speech.custom.filter((one) => one.is_active || `custom_fields.${one.key}` === plain);
  const all = [...(isStanding ? STANDING : FIELDS), ...custom.map(customInfo)];
  const labels = new Map(speech.custom.map(({ key, label }) => [key, label]));
  const operators: string[] = info === undefined ? [leaf.operator] : operatorsOf(info, isStanding);
  const isMoment = info?.kind === 'time' || info?.kind === 'date';
  const put = (what: Partial<Leaf>) => step({ do: 'change', id: leaf.id, what });
  const setField = (name: string) => {
    const next = fieldInfo(name, speech.custom);
    put(next === undefined ? { field: name } : { field: name, ...refit(leaf, next, undefined, isStanding) });
  };
  return (
    <fieldset className={styles.leaf} onKeyDown={useKeys(leaf.id)}>
      <legend className="visually-hidden">{words.condition(number)}</legend>
      {leaf.nots % 2 === 1 && <span className={styles.not}>{words.not}</span>}
      <SelectField
        label={words.field}
        isLabelHidden
        className={styles.field}
        value={isHeader ? HEADER : plain}
        onChange={(event) => setField(event.target.value)}
        error={fieldError}
      >
        {info === undefined && <option value={plain}>{nameOfField(leaf.field, speech)}</option>}
        {GROUP_ORDER.map((group) => {
          const of = all.filter((one) => one.group === group);
          return (
            of.length > 0 && (
              <optgroup key={group} label={words.groups[group]}>
                {of.map(({ name }) => (
                  <option key={name} value={name}>
                    {fieldName(name, speech.condition, labels)}
                  </option>
                ))}
                {group === 'email' && <option value={HEADER}>{words.mailHeader}</option>}
              </optgroup>
            )
          );
        })}
      </SelectField>
      {isHeader && (
        <TextField
          label={words.header}
          isLabelHidden
          className={styles.field}
          placeholder="x-priority"
          value={plain.slice(HEADER.length)}
          onChange={(event) => put({ field: `${HEADER}${event.target.value.trim()}` })}
        />
      )}
      <SelectField
        label={words.operator}
        isLabelHidden
        className={styles.operator}
        value={leaf.operator}
        onChange={(event) => {
          const operator = event.target.value;
          put(info === undefined ? { operator } : refit(leaf, info, operator, isStanding));
        }}
        error={operatorError}
      >
        {!operators.includes(leaf.operator) && <option value={leaf.operator}>{leaf.operator}</option>}
        {operators.map((one) => (
          <option key={one} value={one}>
            {operatorName(one, isMoment, speech.condition)}
          </option>
        ))}
      </SelectField>
      <div className={styles.value}>
        <ValueField
          key={`${leaf.field} ${leaf.operator}`}
          info={info}
          operator={leaf.operator}
          value={leaf.value}
          onChange={(value) => put({ value })}
          error={valueError}
        />
      </div>
      <div className={styles.rowTools}>
        <Button
          label={`${words.remove}: ${words.condition(number)}`}
          icon={<Trash2 size={15} />}
          onClick={() => step({ do: 'remove', id: leaf.id })}
        />
        <NodeMenu node={leaf} name={words.condition(number)} />
      </div>
      {own !== undefined && <p className={styles.error}>{own}</p>}
    </fieldset>
  );
}

/** What is wrong here, but not with one of these parts, which say it themselves. */
function useErrorsExcept(place: string, parts: string[]): string | undefined {
  const { errors } = useEditing();
  const own = errors.filter(
    ({ field }) =>
      (field === place || field.startsWith(`${place}.`)) && !parts.some((part) => field.startsWith(`${place}.${part}`)),
  );
  return own.length === 0 ? undefined : own.map(({ message }) => message).join(' ');
}

function UnknownEditor({ node, number }: { node: Extract<Condition, { kind: 'unknown' }>; number: string }) {
  const words = useText(buildText);
  const { step, places } = useEditing();
  const error = useErrorAt(places.get(node.id) ?? '');
  return (
    <div className={styles.leaf}>
      <div className={styles.value}>
        <JsonField
          label={words.unknownCondition}
          value={node.json}
          error={error}
          onChange={(json) => step({ do: 'change', id: node.id, what: { json } })}
        />
      </div>
      <NodeMenu node={node} name={words.condition(number)} />
    </div>
  );
}
