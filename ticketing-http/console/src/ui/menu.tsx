/** A list of things to do that opens from a button. */
import type { ReactNode, RefObject } from 'react';
import {
  Menu as AriaMenu,
  Header,
  MenuItem,
  MenuSection,
  Popover,
  Separator,
  type Selection,
} from 'react-aria-components';
import { classes } from './classes';
import styles from './menu.module.css';

export interface MenuEntry {
  id: string;
  label: string;
  icon?: ReactNode;
  /** The key that does the same. */
  keys?: string | undefined;
  isDanger?: boolean;
  isDisabled?: boolean;
  run: () => void;
}

export interface MenuGroup {
  title?: string;
  items: readonly MenuEntry[];
  /** The entries that hold now: one may be chosen. */
  selected?: string | undefined;
}

interface Props {
  label: string;
  groups: readonly MenuGroup[];
  /** What it opens beside, and gives the focus back to. */
  triggerRef: RefObject<HTMLElement | null>;
  onClose: () => void;
}

/** The list alone, open; see `MenuButton` for the button that loads it. */
export default function Menu({ label, groups, triggerRef, onClose }: Props) {
  const filled = groups.filter((group) => group.items.length > 0);
  return (
    <Popover
      isOpen
      aria-label={label}
      triggerRef={triggerRef}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      className={styles.popover ?? ''}
      placement="bottom start"
    >
      <AriaMenu aria-label={label} className={styles.menu ?? ''} autoFocus="first" onClose={onClose}>
        {filled.map((group, at) => (
          <MenuSection
            key={group.title ?? at}
            aria-label={group.title ?? label}
            {...(group.selected === undefined
              ? {}
              : {
                  selectionMode: 'single' as const,
                  selectedKeys: [group.selected] as Iterable<string> as Selection & Iterable<string>,
                })}
          >
            {at > 0 && <Separator className={styles.separator ?? ''} />}
            {group.title !== undefined && <Header className={styles.heading ?? ''}>{group.title}</Header>}
            {group.items.map((item) => (
              <MenuItem
                key={item.id}
                id={item.id}
                textValue={item.label}
                isDisabled={item.isDisabled ?? false}
                onAction={item.run}
                className={classes(styles.item, item.isDanger === true && styles.danger)}
              >
                {item.icon}
                <span className={styles.label}>{item.label}</span>
                {item.keys !== undefined && <kbd className={styles.keys}>{item.keys}</kbd>}
              </MenuItem>
            ))}
          </MenuSection>
        ))}
      </AriaMenu>
    </Popover>
  );
}
