/** How the list looks: order, density, columns. */
import { defineText, useText } from '../../text';
import { hasOrder, useCustomFields } from '../../api/custom-fields';
import { Dialog, Popover } from 'react-aria-components';
import type { RefObject } from 'react';
import { classes } from '../../ui/classes';
import { CheckField, SelectField } from '../../ui/field';
import menu from '../../ui/menu.module.css';
import { COLUMNS } from './columns';
import styles from './display.module.css';
import { setPrefs, usePrefs } from './prefs';
import { listText } from './text';
import { SORTS, customName } from './view';

const text = defineText(
  {
    order: 'Order',
    ascending: 'Ascending',
    descending: 'Descending',
    newest: {
      updated_at: 'Last change',
      created_at: 'Created',
      sla_due_at: 'Due',
      priority: 'Priority',
      status: 'Status',
    },
    shownColumns: 'Columns',
  },
  {
    order: 'Reihenfolge',
    ascending: 'Aufsteigend',
    descending: 'Absteigend',
    newest: {
      updated_at: 'Letzte Änderung',
      created_at: 'Erstellt',
      sla_due_at: 'Fällig',
      priority: 'Priorität',
      status: 'Status',
    },
    shownColumns: 'Spalten',
  },
);

interface Props {
  sort: string;
  columns: readonly string[];
  onColumns: ((columns: readonly string[]) => void) | undefined;
  onSort: (sort: string) => void;
  triggerRef: RefObject<HTMLElement | null>;
  onClose: () => void;
}

export default function Display({ sort, columns, onColumns, onSort, triggerRef, onClose }: Props) {
  const own = useText(text);
  const words = useText(listText);
  const prefs = usePrefs();
  const custom = useCustomFields();
  const [field, isDown] = [sort.replace(/^-/, ''), sort.startsWith('-')];
  // A list without any would be one as everybody likes it.
  const isLast = (id: string) => onColumns !== undefined && columns.length === 1 && columns[0] === id;
  return (
    <Popover
      isOpen
      triggerRef={triggerRef}
      placement="bottom end"
      className={classes(menu.popover, styles.popover)}
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <Dialog aria-label={words.display} className={styles.dialog ?? ''}>
        <div className={styles.order}>
          <SelectField
            autoFocus
            label={own.order}
            value={field}
            onChange={(event) => onSort(`${isDown ? '-' : ''}${event.target.value}`)}
          >
            {SORTS.map((one) => (
              <option key={one} value={one}>
                {own.newest[one]}
              </option>
            ))}
            {custom
              .filter((one) => hasOrder(one) || field === customName(one.key))
              .map(({ key, label }) => (
                <option key={key} value={customName(key)}>
                  {label}
                </option>
              ))}
          </SelectField>
          <SelectField
            label={own.order}
            isLabelHidden
            value={isDown ? 'down' : 'up'}
            onChange={(event) => onSort(`${event.target.value === 'down' ? '-' : ''}${field}`)}
          >
            <option value="up">{own.ascending}</option>
            <option value="down">{own.descending}</option>
          </SelectField>
        </div>
        <SelectField
          label={words.density}
          value={prefs.density}
          onChange={(event) => setPrefs({ density: event.target.value === 'compact' ? 'compact' : 'comfortable' })}
        >
          <option value="comfortable">{words.comfortable}</option>
          <option value="compact">{words.compact}</option>
        </SelectField>
        <fieldset className={styles.columns}>
          <legend>{own.shownColumns}</legend>
          {COLUMNS.map(({ id }) => (
            <CheckField
              key={id}
              label={words.columns[id]}
              disabled={isLast(id)}
              checked={columns.includes(id)}
              onChange={({ target }) => {
                if (onColumns !== undefined)
                  onColumns(target.checked ? [...columns, id] : columns.filter((other) => other !== id));
                else
                  setPrefs({
                    columns: COLUMNS.map((column) => column.id).filter((other) =>
                      other === id ? target.checked : columns.includes(other),
                    ),
                  });
              }}
            />
          ))}
          {onColumns !== undefined &&
            custom
              .filter(({ key, is_active }) => is_active || columns.includes(customName(key)))
              .map(({ key, label }) => (
                <CheckField
                  key={key}
                  label={label}
                  disabled={isLast(customName(key))}
                  checked={columns.includes(customName(key))}
                  onChange={({ target }) =>
                    onColumns(
                      target.checked
                        ? [...columns, customName(key)]
                        : columns.filter((other) => other !== customName(key)),
                    )
                  }
                />
              ))}
        </fieldset>
      </Dialog>
    </Popover>
  );
}
