/** Choosing one of many by typing. */
import { ChevronDown, X } from 'lucide-react';
import { useContext, useRef, useState, type ReactNode } from 'react';
import {
  ComboBox,
  ComboBoxStateContext,
  FieldError,
  Group,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Text,
  Button as AriaButton,
} from 'react-aria-components';
import { defineText, useText } from '../text';
import { Button } from './button';
import { classes } from './classes';
import styles from './pick.module.css';

const text = defineText(
  {
    clear: 'Clear',
    show: 'Show the choices',
    noMatch: 'Nothing found.',
    typeForMore: 'There is more: type to find it.',
  },
  {
    clear: 'Leeren',
    show: 'Auswahl zeigen',
    noMatch: 'Nichts gefunden.',
    typeForMore: 'Es gibt mehr: Tippen Sie, um es zu finden.',
  },
);

export interface Choice {
  id: string;
  name: string;
  /** More about it, small. */
  about?: string | undefined;
}

/** Hundreds of rows would be slow to draw, and nobody reads them. */
const MOST_SHOWN = 50;

interface Props {
  label: string;
  isLabelHidden?: boolean;
  items: readonly Choice[];
  value: string | null;
  onChange: (id: string | null) => void;
  /** Whether nothing may be chosen. */
  canBeEmpty?: boolean;
  /** Where others than these are looked for: they are told what was typed, and filter by themselves. */
  onSearch?: (typed: string) => void;
  placeholder?: string;
  hint?: ReactNode;
  error?: string | undefined;
  isDisabled?: boolean;
  className?: string;
}

export function Pick(props: Props) {
  const { label, items, value, onChange, onSearch, canBeEmpty = true } = props;
  const words = useText(text);
  // A choice that is not among them (yet) is kept, and said as it is.
  const isKnown = value === null || items.some((item) => item.id === value);
  const all = isKnown ? items : [{ id: value, name: value }, ...items];
  const [typed, setTyped] = useState<string>();
  const hasFocus = useRef(false);
  const chosen = all.find((item) => item.id === value)?.name ?? '';
  const found = onSearch !== undefined || typed === undefined ? all : all.filter((item) => fits(item, typed));
  // What is chosen is there in any case: the list begins at it.
  const shown = [...found.filter((item) => item.id === value), ...found.filter((item) => item.id !== value)];
  const rest = () => {
    setTyped(undefined);
    if (typed !== undefined) onSearch?.('');
  };
  const type = (next: string) => {
    // React Aria puts in the name of what is chosen by itself, also an older one: nobody typed that.
    if (!hasFocus.current) return;
    if (next === chosen) {
      rest();
      return;
    }
    setTyped(next);
    onSearch?.(next);
  };
  const choose = (id: string | null) => {
    rest();
    if (id !== value && (id !== null || canBeEmpty)) onChange(id);
  };
  return (
    <ComboBox
      className={classes(styles.pick, props.className)}
      items={shown.slice(0, MOST_SHOWN)}
      value={value}
      onChange={(key) => choose(key === null ? null : String(key))}
      inputValue={typed ?? chosen}
      onInputChange={type}
      onOpenChange={(isOpen) => !isOpen && rest()}
      onFocus={() => {
        hasFocus.current = true;
      }}
      onBlur={() => {
        hasFocus.current = false;
        rest();
      }}
      isInvalid={props.error !== undefined}
      isDisabled={props.isDisabled ?? false}
      allowsEmptyCollection
    >
      <Label className={props.isLabelHidden === true ? 'visually-hidden' : (styles.label ?? '')}>{label}</Label>
      <Group className={styles.box ?? ''}>
        <OpeningInput placeholder={props.placeholder ?? ''} />
        {canBeEmpty && value !== null && props.isDisabled !== true && (
          // Not React Aria's own button: that one would open the list.
          <Button
            size="small"
            label={`${words.clear}: ${label}`}
            icon={<X size={14} />}
            onClick={() => choose(null)}
            className={styles.clear}
          />
        )}
        <AriaButton className={styles.open ?? ''} aria-label={words.show}>
          <ChevronDown size={16} />
        </AriaButton>
      </Group>
      {props.error !== undefined ? (
        <FieldError className={styles.error ?? ''}>{props.error}</FieldError>
      ) : (
        props.hint !== undefined && (
          <Text slot="description" className={styles.hint ?? ''}>
            {props.hint}
          </Text>
        )
      )}
      <Popover className={styles.popover ?? ''}>
        {/* It is drawn at the end of the page, outside of every landmark. */}
        <div role="region" aria-label={label}>
          <ListBox<Choice>
            className={styles.list ?? ''}
            renderEmptyState={() => <p className={styles.none}>{words.noMatch}</p>}
          >
            {(item) => (
              <ListBoxItem id={item.id} textValue={item.name} className={styles.item ?? ''}>
                <span dir="auto">{item.name}</span>
                {item.about !== undefined && (
                  <span className={styles.about} dir="auto">
                    {item.about}
                  </span>
                )}
              </ListBoxItem>
            )}
          </ListBox>
        </div>
        {shown.length > MOST_SHOWN && <p className={styles.none}>{words.typeForMore}</p>}
      </Popover>
    </ComboBox>
  );
}

/** Opens the list when it is clicked, though not when it is only passed by with Tab. */
function OpeningInput({ placeholder }: { placeholder: string }) {
  const state = useContext(ComboBoxStateContext);
  return (
    <Input
      className={styles.input ?? ''}
      placeholder={placeholder}
      dir="auto"
      onClick={() => state?.open(null, 'manual')}
    />
  );
}

/** Whether each word that was typed is in its name or in what is said about it. */
export function fits(item: Choice, typed: string): boolean {
  const text = `${item.name} ${item.about ?? ''} ${item.id}`.toLowerCase().replaceAll('_', ' ');
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
