import { use, useId, type ReactNode } from 'react';
import { MenuButton } from '../../../ui/menu-button';
import { ReadOnly, Row } from './row';
import styles from './row.module.css';

interface Props {
  label: string;
  options: readonly { id: string; label: string; icon?: ReactNode }[];
  selected: string | undefined;
  /** The value in words, for the button's name. */
  value: string;
  onPick: (id: string) => void;
  children: ReactNode;
}

/** A row whose value is one of a few. */
export function ChoiceRow({ label, options, selected, value, onPick, children }: Props) {
  const isReadOnly = use(ReadOnly);
  const id = useId();
  if (isReadOnly) return <Row label={label}>{children}</Row>;
  return (
    <div className={styles.row}>
      <span className={styles.label} id={id}>
        {label}
      </span>
      <div className={styles.line}>
        <MenuButton
          className={styles.value}
          label={`${label}: ${value}`}
          groups={[
            {
              selected,
              items: options.map((one) => ({ ...one, run: () => onPick(one.id) })),
            },
          ]}
        >
          {children}
        </MenuButton>
      </div>
    </div>
  );
}
