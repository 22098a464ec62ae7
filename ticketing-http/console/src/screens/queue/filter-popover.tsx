/** What to filter by, and then which values. Loaded when somebody is about to filter. */
import { useState, type RefObject } from 'react';
import { Dialog, Popover } from 'react-aria-components';
import type { Ticket } from '../../api/types';
import { defineText, useText } from '../../text';
import { Button } from '../../ui/button';
import { classes } from '../../ui/classes';
import { TextField } from '../../ui/field';
import menu from '../../ui/menu.module.css';
import Choose from './choose';
import styles from './choose.module.css';
import { useFields, type FilterField } from './fields';
import { listText } from './text';
import { valuesOf, type Filters, type View } from './view';

const text = defineText(
  {
    find: 'Filter by…',
    findValue: 'Find…',
    writeValue: 'Write, then Enter…',
    none: 'Nothing is called that.',
    asWritten: (word: string) => `“${word}”`,
    from: 'From',
    to: 'Until',
    days: 'Days begin at midnight UTC.',
    today: 'Today',
    week: 'Last 7 days',
    month: 'Last 30 days',
    apply: 'Apply',
  },
  {
    find: 'Filtern nach …',
    findValue: 'Suchen …',
    writeValue: 'Schreiben, dann Enter …',
    none: 'So heißt hier nichts.',
    asWritten: (word: string) => `„${word}“`,
    from: 'Von',
    to: 'Bis',
    days: 'Tage beginnen um Mitternacht UTC.',
    today: 'Heute',
    week: 'Letzte 7 Tage',
    month: 'Letzte 30 Tage',
    apply: 'Anwenden',
  },
);

interface Props {
  view: View;
  rows: readonly Ticket[];
  /** The field that a chip stands for; none is a new filter. */
  fieldId: string | undefined;
  triggerRef: RefObject<HTMLElement | null>;
  onChange: (change: Filters) => void;
  onClose: () => void;
}

export default function FilterPopover({ view, rows, fieldId, triggerRef, onChange, onClose }: Props) {
  const words = useText(text);
  const { addFilter } = useText(listText);
  const fields = useFields(view, rows, true);
  const [chosen, setChosen] = useState(fieldId);
  const field = fields.find((one) => one.id === chosen);
  const place = { triggerRef, onClose };

  if (field === undefined) {
    return (
      <Choose
        key="fields"
        {...place}
        label={addFilter}
        placeholder={words.find}
        none={words.none}
        options={fields.filter((one) => one.isHidden !== true).map((one) => ({ value: one.id, label: one.label }))}
        onChoose={setChosen}
        staysOpen
      />
    );
  }
  if (field.kind === 'range') return <Range {...place} field={field} filters={view.filters} onChange={onChange} />;
  const [name] = field.names;
  return (
    <Choose
      key={field.id}
      {...place}
      label={field.label}
      placeholder={field.options.length === 0 ? words.writeValue : words.findValue}
      none={words.none}
      options={field.options}
      selected={new Set(valuesOf(view.filters[name]))}
      onToggle={(values) => onChange({ [name]: [...values].join(',') })}
      asWritten={field.kind === 'words' ? words.asWritten : undefined}
    />
  );
}

function day(data: FormData, name: string): string | undefined {
  const value = data.get(name);
  return typeof value === 'string' ? value : undefined;
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

function Range({
  field,
  filters,
  triggerRef,
  onChange,
  onClose,
}: Pick<Props, 'triggerRef' | 'onChange' | 'onClose'> & { field: FilterField; filters: Filters }) {
  const words = useText(text);
  const [from, to = ''] = field.names;
  const set = (start: string | undefined, end: string | undefined) => onChange({ [from]: start, [to]: end });
  const presets = [
    { label: words.today, days: 0 },
    { label: words.week, days: 6 },
    { label: words.month, days: 29 },
  ];
  return (
    <Popover
      isOpen
      triggerRef={triggerRef}
      placement="bottom start"
      className={classes(menu.popover, styles.popover)}
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <Dialog aria-label={field.label} className={styles.dialog ?? ''}>
        <form
          className={styles.range}
          onSubmit={(event) => {
            event.preventDefault();
            const data = new FormData(event.currentTarget);
            set(day(data, 'from'), day(data, 'to'));
            onClose();
          }}
        >
          <div className={styles.presets}>
            {presets.map(({ label, days }) => (
              <Button
                key={days}
                size="small"
                onClick={() => {
                  set(daysAgo(days), undefined);
                  onClose();
                }}
              >
                {label}
              </Button>
            ))}
          </div>
          <div className={styles.ends}>
            <TextField
              autoFocus
              type="date"
              name="from"
              label={words.from}
              defaultValue={filters[from]?.slice(0, 10)}
            />
            <TextField
              type="date"
              name="to"
              label={words.to}
              defaultValue={filters[to]?.slice(0, 10)}
              hint={words.days}
            />
          </div>
          <Button type="submit" kind="primary">
            {words.apply}
          </Button>
        </form>
      </Dialog>
    </Popover>
  );
}
