/** Choosing one of many by typing. */
import { ChevronDown, X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import {
  ComboBox,
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
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { classes } from '../../ui/classes';
import styles from './pick.module.css';
import { adminText } from './text';

export interface Choice {
  id: string;
  name: string;
  /** More about it, small. */
  about?: string | undefined;
}

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
  const words = useText(adminText);
  // A choice that is not among them (yet) is kept, and said as it is.
  const isKnown = value === null || items.some((item) => item.id === value);
  const all = isKnown ? items : [{ id: value, name: value }, ...items];
  const [typed, setTyped] = useState<string>();
  const chosen = all.find((item) => item.id === value)?.name ?? '';
  const shown = onSearch !== undefined || typed === undefined ? all : all.filter((item) => fits(item, typed));
  const type = (next: string) => {
    setTyped(next);
    onSearch?.(next);
  };
  const choose = (id: string | null) => {
    setTyped(undefined);
    if (id !== value && (id !== null || canBeEmpty)) onChange(id);
  };
  return (
    <ComboBox
      className={classes(styles.pick, props.className)}
      items={shown}
      value={value}
      onChange={(key) => choose(key === null ? null : String(key))}
      inputValue={typed ?? chosen}
      onInputChange={type}
      onOpenChange={(isOpen) => !isOpen && setTyped(undefined)}
      onBlur={() => setTyped(undefined)}
      isInvalid={props.error !== undefined}
      isDisabled={props.isDisabled ?? false}
      allowsEmptyCollection
      menuTrigger="focus"
    >
      <Label className={props.isLabelHidden === true ? 'visually-hidden' : (styles.label ?? '')}>{label}</Label>
      <Group className={styles.box ?? ''}>
        <Input className={styles.input ?? ''} placeholder={props.placeholder ?? ''} dir="auto" />
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
      </Popover>
    </ComboBox>
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
