/** The rules in their order. A row is moved by dragging, by Alt and arrows, or by its menu. */
import { Link, useNavigate } from '@tanstack/react-router';
import { AlertTriangle, GripVertical, MoreHorizontal, PowerOff } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';
import { Button as AriaButton, DropIndicator, GridList, GridListItem, useDragAndDrop } from 'react-aria-components';
import { useText } from '../../text';
import { buttonClass } from '../../ui/button';
import { classes } from '../../ui/classes';
import { MenuButton } from '../../ui/menu-button';
import { Switch } from '../../ui/switch';
import { Ago } from '../../ui/time';
import { DeleteRule } from './delete';
import styles from './list.module.css';
import type { WorkflowWire } from './model/draft';
import { ruleText } from './model/text';
import { orderWith, useReorder, useSwitch } from './order';
import { listText } from './text';

export interface Shown {
  rule: WorkflowWire;
  says: { when: string; does: string };
}

interface Props {
  shown: readonly Shown[];
  all: readonly WorkflowWire[];
  /** Not while some are filtered out: one would not see where a rule goes. */
  canMove: boolean;
}

export function RuleList({ shown, all, canMove }: Props) {
  const words = useText(listText);
  const navigate = useNavigate();
  const reorder = useReorder();
  const [said, setSaid] = useState('');
  const [leaving, setLeaving] = useState<WorkflowWire>();

  const move = (id: string, to: number) => {
    const order = orderWith(all, id, to);
    const at = order.indexOf(id);
    if (all[at]?.id === id) return;
    reorder.mutate({ id, to: order });
    const name = all.find((rule) => rule.id === id)?.name ?? '';
    setSaid(words.movedTo(name, at + 1, order.length));
  };
  const placeOf = (id: string) => all.findIndex((rule) => rule.id === id);

  const { dragAndDropHooks } = useDragAndDrop({
    isDisabled: !canMove,
    getItems: (keys) => [...keys].map((key) => ({ 'text/plain': String(key) })),
    onReorder: ({ keys, target }) => {
      const [id] = [...keys].map(String);
      if (id === undefined) return;
      const [from, to] = [placeOf(id), placeOf(String(target.key))];
      const behind = target.dropPosition === 'after' ? to + 1 : to;
      move(id, behind > from ? behind - 1 : behind);
    },
    renderDropIndicator: (target) => <DropIndicator target={target} className={styles.drop ?? ''} />,
  });

  /** Alt and the arrows, on a row or anywhere in it. */
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (!event.altKey || !canMove || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[role=row]') : null;
    const id = row?.dataset['key'];
    if (id === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(id, placeOf(id) + (event.key === 'ArrowUp' ? -1 : 1));
  };

  return (
    <div onKeyDownCapture={onKeyDown}>
      <GridList
        aria-label={words.list}
        className={styles.rows ?? ''}
        items={shown}
        dependencies={[shown, all, canMove]}
        dragAndDropHooks={dragAndDropHooks}
        keyboardNavigationBehavior="tab"
        onAction={(id) => void navigate({ to: '/workflows/$id', params: { id: String(id) } })}
      >
        {({ rule, says }) => {
          const at = placeOf(rule.id);
          return (
            <GridListItem id={rule.id} textValue={rule.name} className={styles.row ?? ''}>
              <Row
                rule={rule}
                says={says}
                at={at}
                last={all.length - 1}
                canMove={canMove && all.length > 1}
                onMove={(to) => move(rule.id, to)}
                onDelete={() => setLeaving(rule)}
              />
            </GridListItem>
          );
        }}
      </GridList>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {leaving !== undefined && <DeleteRule rule={leaving} onClose={() => setLeaving(undefined)} />}
    </div>
  );
}

/** What is pressed in here is not the row: that would open the rule. */
const stop = (event: { stopPropagation: () => void }) => event.stopPropagation();
const own = {
  onPointerDown: stop,
  onMouseDown: stop,
  onClick: stop,
  onKeyDown: (event: KeyboardEvent) => (event.key === 'Enter' || event.key === ' ') && stop(event),
};

interface RowProps extends Shown {
  at: number;
  last: number;
  canMove: boolean;
  onMove: (to: number) => void;
  onDelete: () => void;
}

function Row({ rule, says, at, last, canMove, onMove, onDelete }: RowProps) {
  const words = useText(listText);
  const rules = useText(ruleText);
  const navigate = useNavigate();
  const turn = useSwitch();
  const open = (search: Record<string, string> = {}) =>
    void navigate({ to: '/workflows/$id', params: { id: rule.id }, search });
  const problems = rule.problems.length;
  const warnings = rule.warnings.length;
  return (
    <div className={classes(styles.cells, !rule.is_active && styles.isOff)}>
      {canMove ? (
        <AriaButton slot="drag" className={styles.grip ?? ''} aria-label={words.drag(rule.name)}>
          <GripVertical size={16} />
        </AriaButton>
      ) : (
        <span className={styles.grip} />
      )}
      <span className={styles.number}>{at + 1}</span>
      <div className={styles.main}>
        <p className={styles.name}>
          <Link to="/workflows/$id" params={{ id: rule.id }} dir="auto">
            {rule.name}
          </Link>
          <span className={styles.trigger}>{rules.triggerShort[rule.trigger_type]}</span>
        </p>
        <p className={styles.says} dir="auto">
          {says.when} <span aria-hidden>→</span>
          <span className="visually-hidden">{words.then}</span> {says.does}
        </p>
        {(rule.disabled !== null || problems > 0 || warnings > 0) && (
          <p className={styles.flags}>
            {rule.disabled !== null && (
              <span className={styles.bad}>
                <PowerOff size={13} />
                {words.disabled} (<Ago at={rule.disabled.at} />)
              </span>
            )}
            {problems > 0 && (
              <span className={styles.bad}>
                <AlertTriangle size={13} />
                {words.problems(problems)}
              </span>
            )}
            {warnings > 0 && (
              <span className={styles.warn}>
                <AlertTriangle size={13} />
                {words.warnings(warnings)}
              </span>
            )}
          </p>
        )}
      </div>
      <span className={styles.version}>
        {words.version(rule.version)}
        <Ago at={rule.updated_at} />
      </span>
      <div className={styles.rowTools} {...own}>
        <Switch
          label={words.active(rule.name)}
          isOn={rule.is_active}
          onChange={(isActive) => turn.mutate({ rule, isActive })}
        />
        <MenuButton
          label={words.actions(rule.name)}
          className={buttonClass('quiet', undefined, true)}
          groups={[
            {
              items: [
                { id: 'edit', label: words.edit, run: () => open() },
                { id: 'runs', label: words.runs, run: () => open({ tab: 'runs' }) },
              ],
            },
            {
              items: canMove
                ? [
                    { id: 'up', label: words.up, keys: 'Alt ↑', isDisabled: at === 0, run: () => onMove(at - 1) },
                    {
                      id: 'down',
                      label: words.down,
                      keys: 'Alt ↓',
                      isDisabled: at === last,
                      run: () => onMove(at + 1),
                    },
                    { id: 'first', label: words.first, isDisabled: at === 0, run: () => onMove(0) },
                    { id: 'last', label: words.last, isDisabled: at === last, run: () => onMove(last) },
                  ]
                : [],
            },
            { items: [{ id: 'remove', label: words.remove, isDanger: true, run: onDelete }] },
          ]}
        >
          <MoreHorizontal size={16} />
        </MenuButton>
      </div>
    </div>
  );
}
