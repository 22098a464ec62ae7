/** What a rule does, in order; each with a form of its own. */
import { ArrowDown, ArrowUp, MoreHorizontal, Plus } from 'lucide-react';
import { useText } from '../../text';
import { Button, buttonClass } from '../../ui/button';
import { SelectField } from '../../ui/field';
import { MenuButton } from '../../ui/menu-button';
import { ActionForm } from './action-form';
import styles from './builder.module.css';
import { useEditing, useErrorAt } from './context';
import { ACTIONS, BY_HAND } from './model/catalog';
import type { ActionDraft } from './model/draft';
import { ruleText } from './model/text';
import { actionText, buildText } from './text-build';

const MOST = 20;

export function Actions() {
  const words = useText(actionText);
  const rules = useText(ruleText);
  const { draft, step, errors, isByHand = false } = useEditing();
  const own = errors.find(({ field }) => field === 'actions')?.message;
  return (
    <div className={styles.stack}>
      {draft.actions.length === 0 && <p className={styles.quiet}>{words.none}</p>}
      {own !== undefined && <p className={styles.error}>{own}</p>}
      <ol className={styles.actions}>
        {draft.actions.map((action, at) => (
          <li key={action.id}>
            <Action action={action} at={at} last={draft.actions.length - 1} />
          </li>
        ))}
      </ol>
      {draft.actions.length < MOST && (
        <div>
          <MenuButton
            label={words.add}
            className={buttonClass('plain', 'small')}
            groups={[
              {
                items: (isByHand ? BY_HAND : ACTIONS).map((type) => ({
                  id: type,
                  label: rules.action[type],
                  run: () => step({ do: 'add-action', type }),
                })),
              },
            ]}
          >
            <Plus size={14} />
            {words.add}
          </MenuButton>
        </div>
      )}
    </div>
  );
}

function Action({ action, at, last }: { action: ActionDraft; at: number; last: number }) {
  const words = useText(actionText);
  const build = useText(buildText);
  const rules = useText(ruleText);
  const { step, isByHand = false } = useEditing();
  const error = useErrorAt(`actions[${at}].type`);
  const { id } = action;
  const names = rules.action as Record<string, string>;
  return (
    <fieldset
      className={styles.action}
      onKeyDown={(event) => {
        if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
        event.preventDefault();
        step({ do: 'move-action', id, by: event.key === 'ArrowUp' ? -1 : 1 });
      }}
    >
      <legend className="visually-hidden">
        {words.action(at + 1)}: {names[action.type] ?? action.type}
      </legend>
      <div className={styles.actionHead}>
        <span className={styles.number} aria-hidden>
          {at + 1}
        </span>
        <SelectField
          label={words.kind}
          isLabelHidden
          className={styles.actionKind}
          value={action.type}
          // The parameters of one are none of another.
          onChange={(event) => step({ do: 'change-action', id, what: { type: event.target.value, params: {} } })}
          error={error}
        >
          {names[action.type] === undefined && <option value={action.type}>{action.type}</option>}
          {(isByHand ? BY_HAND : ACTIONS).map((type) => (
            <option key={type} value={type}>
              {rules.action[type]}
            </option>
          ))}
        </SelectField>
        <div className={styles.rowTools}>
          <Button
            label={build.up}
            icon={<ArrowUp size={15} />}
            disabled={at === 0}
            onClick={() => step({ do: 'move-action', id, by: -1 })}
          />
          <Button
            label={build.down}
            icon={<ArrowDown size={15} />}
            disabled={at === last}
            onClick={() => step({ do: 'move-action', id, by: 1 })}
          />
          <MenuButton
            label={build.moreOf(words.action(at + 1))}
            className={buttonClass('quiet', undefined, true)}
            groups={[
              {
                items: [
                  { id: 'copy', label: build.copy, run: () => step({ do: 'copy-action', id }) },
                  {
                    id: 'remove',
                    label: build.remove,
                    isDanger: true,
                    run: () => step({ do: 'remove-action', id }),
                  },
                ],
              },
            ]}
          >
            <MoreHorizontal size={16} />
          </MenuButton>
        </div>
      </div>
      <ActionForm key={action.type} action={action} place={`actions[${at}].params`} />
    </fieldset>
  );
}
