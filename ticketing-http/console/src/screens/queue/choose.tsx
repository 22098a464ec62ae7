/** A list that is searched by typing: one thing is chosen, or several. */
import { Check } from 'lucide-react';
import { useState, type RefObject } from 'react';
import {
  Autocomplete,
  Dialog,
  Input,
  Menu,
  MenuItem,
  Popover,
  SearchField,
  useFilter,
  type Selection,
} from 'react-aria-components';
import { classes } from '../../ui/classes';
import menu from '../../ui/menu.module.css';
import styles from './choose.module.css';
import type { Option } from './fields';

interface Props {
  label: string;
  placeholder: string;
  /** What is said where nothing is found. */
  none: string;
  options: readonly Option[];
  /** What is chosen now. */
  selected?: ReadonlySet<string>;
  /** With it several can be chosen, and the list stays open. */
  onToggle?: (selected: ReadonlySet<string>) => void;
  onChoose?: (value: string) => void;
  /** Something else comes in its place once something was chosen. */
  staysOpen?: boolean;
  /** How a word is offered that the list does not have. */
  asWritten?: ((word: string) => string) | undefined;
  triggerRef: RefObject<HTMLElement | null>;
  onClose: () => void;
}

/** Stands before what somebody wrote, so that it can't be taken for a value of the list. */
const WRITTEN = 'written:';

export default function Choose(props: Props) {
  const { label, placeholder, none, options, selected, onToggle, onChoose, asWritten, triggerRef, onClose } = props;
  const { staysOpen = false } = props;
  const { contains } = useFilter({ sensitivity: 'base' });
  const [wanted, setWanted] = useState('');
  const word = wanted.trim().replaceAll(',', '');
  const extra =
    asWritten === undefined ||
    word === '' ||
    options.some((option) => option.label.toLowerCase() === word.toLowerCase())
      ? []
      : [{ value: `${WRITTEN}${word}`, label: asWritten(word) }];
  // What was chosen without being in the list is there to be taken away again.
  const others = [...(selected ?? [])]
    .filter((value) => !options.some((option) => option.value === value))
    .map((value) => ({ value, label: value }));
  const all: readonly Option[] = [...extra, ...others, ...options];
  const valueOf = (key: string) => (key.startsWith(WRITTEN) ? key.slice(WRITTEN.length) : key);

  return (
    <Popover
      isOpen
      triggerRef={triggerRef}
      placement="bottom start"
      className={classes(menu.popover, styles.popover)}
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <Dialog aria-label={label} className={styles.dialog ?? ''}>
        <Autocomplete
          inputValue={wanted}
          onInputChange={setWanted}
          filter={(text, typed) => extra.some((option) => option.label === text) || contains(text, typed.trim())}
        >
          <SearchField aria-label={label} autoFocus className={styles.search ?? ''}>
            <Input
              placeholder={placeholder}
              className={styles.input ?? ''}
              onKeyDownCapture={(event) => {
                // The field would only clear itself, and the list lose its current entry.
                if (event.key !== 'Escape') return;
                event.stopPropagation();
                event.preventDefault();
                onClose();
              }}
            />
          </SearchField>
          {/* The keys of the field move in the list; it is also to be scrolled by itself. */}
          <div className={styles.list} role="group" aria-label={label} tabIndex={0}>
            <Menu
              aria-label={label}
              items={all}
              dependencies={[selected]}
              className={menu.menu ?? ''}
              selectionMode={onToggle === undefined ? 'none' : 'multiple'}
              selectedKeys={selected ?? new Set()}
              onSelectionChange={(keys: Selection) => {
                if (keys === 'all') return;
                onToggle?.(new Set([...keys].map((key) => valueOf(String(key)))));
                setWanted('');
              }}
              onAction={(key) => {
                if (onToggle !== undefined) return;
                if (!staysOpen) onClose();
                onChoose?.(valueOf(String(key)));
              }}
              renderEmptyState={() => <p className={styles.none}>{none}</p>}
            >
              {(option) => (
                <MenuItem
                  id={option.value}
                  textValue={option.label}
                  className={({ isSelected }) => classes(menu.item, styles.item, isSelected && styles.chosen)}
                >
                  {onToggle !== undefined && (
                    <span className={styles.box}>{selected?.has(option.value) === true && <Check size={12} />}</span>
                  )}
                  {option.icon}
                  <span className={menu.label} dir="auto">
                    {option.label}
                  </span>
                  {onToggle === undefined && selected?.has(option.value) === true && <Check size={14} />}
                </MenuItem>
              )}
            </Menu>
          </div>
        </Autocomplete>
      </Dialog>
    </Popover>
  );
}
