/** Somebody or something found by typing: for people, teams, and whatever is too long for a list. */
import { ChevronsUpDown } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import {
  Button,
  ComboBox as AriaComboBox,
  Header,
  Input,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Popover,
  type Key,
} from 'react-aria-components';
import { defineText, useText } from '../text';
import { classes } from './classes';
import styles from './combo-box.module.css';
import { inputClass } from './field';

const text = defineText(
  { none: 'Nothing is called that.', open: 'Show all' },
  { none: 'So heißt hier nichts.', open: 'Alle zeigen' },
);

export interface ComboOption {
  id: string;
  label: string;
  icon?: ReactNode;
  /** Stands behind the label, in small. */
  detail?: string | undefined;
}

export interface ComboGroup {
  title?: string;
  options: readonly ComboOption[];
}

interface Props {
  /** For screen readers: the place says it to others. */
  label: string;
  groups: readonly ComboGroup[];
  selected?: string | undefined;
  placeholder?: string;
  autoFocus?: boolean;
  onPick: (id: string) => void;
  /** Left without picking anything. */
  onLeave?: () => void;
  /** What is typed, where it is looked up elsewhere; then nothing is left out here. */
  onType?: (wanted: string) => void;
}

export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();
}

/** Whether each word that is wanted begins a word of the text. */
export function isFound(text: string, wanted: string): boolean {
  const words = fold(text).split(/[\s@.,_-]+/);
  return fold(wanted)
    .split(/\s+/)
    .every((part) => words.some((word) => word.startsWith(part)) || fold(text).includes(part));
}

export function ComboBox({ label, groups, selected, placeholder, autoFocus = false, onPick, onLeave, onType }: Props) {
  const words = useText(text);
  const [wanted, setWanted] = useState('');
  const shown = groups
    .map((group) => ({
      ...group,
      options: group.options.filter(
        (one) => onType !== undefined || wanted === '' || isFound(`${one.label} ${one.detail ?? ''}`, wanted),
      ),
    }))
    .filter((group) => group.options.length > 0);
  const pick = (key: Key | null) => {
    if (key === null) return;
    setWanted('');
    onType?.('');
    onPick(String(key));
  };
  return (
    <AriaComboBox
      aria-label={label}
      className={styles.box ?? ''}
      menuTrigger="focus"
      allowsEmptyCollection
      defaultFilter={() => true}
      value={null}
      inputValue={wanted}
      onInputChange={(value) => {
        setWanted(value);
        onType?.(value);
      }}
      onChange={pick}
      onBlur={() => onLeave?.()}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onLeave?.();
      }}
    >
      <div className={styles.control}>
        <Input className={inputClass} autoFocus={autoFocus} dir="auto" placeholder={placeholder ?? label} />
        <Button className={styles.open ?? ''} aria-label={words.open}>
          <ChevronsUpDown size={14} />
        </Button>
      </div>
      <Popover className={styles.popover ?? ''} placement="bottom start">
        {/* It is drawn at the end of the page, outside of every landmark. */}
        <div role="region" aria-label={label}>
          <ListBox
            className={styles.list ?? ''}
            renderEmptyState={() => <div className={styles.none}>{words.none}</div>}
          >
            {shown.map((group, at) => (
              <ListBoxSection key={group.title ?? at} {...(group.title === undefined ? { 'aria-label': label } : {})}>
                {group.title !== undefined && <Header className={styles.heading ?? ''}>{group.title}</Header>}
                {group.options.map((one) => (
                  <ListBoxItem
                    key={one.id}
                    id={one.id}
                    textValue={one.label}
                    className={classes(styles.option, one.id === selected && styles.selected)}
                  >
                    {one.icon}
                    <span className={styles.label} dir="auto">
                      {one.label}
                    </span>
                    {one.detail !== undefined && (
                      <span className={styles.detail} dir="auto">
                        {one.detail}
                      </span>
                    )}
                  </ListBoxItem>
                ))}
              </ListBoxSection>
            ))}
          </ListBox>
        </div>
      </Popover>
    </AriaComboBox>
  );
}
