import { createContext, use, useEffect, useId, useRef, useState, type ReactNode } from 'react';
import styles from './row.module.css';

/** A label and what it says. */
export function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={styles.row}>
      <span className={styles.label}>{label}</span>
      <div className={styles.fact}>{children}</div>
    </div>
  );
}

/** Nobody may change anything here: a ticket that was merged, or somebody who is no staff. */
export const ReadOnly = createContext(false);

export const emptyClass: string = styles.empty ?? '';

interface Props {
  label: string;
  /** What it is, while nobody changes it. */
  children: ReactNode;
  /** The control; it calls `close` when it is done, and gets the focus by itself. */
  control: (close: () => void) => ReactNode;
  /** Stands behind the value, such as a shortcut. */
  aside?: ReactNode;
  /** Kept open by whoever holds what was typed. */
  isHeldOpen?: boolean;
}

/** A quiet row that becomes a control on a click or Enter, and gives the focus back. */
export function EditableRow({ label, children, control, aside, isHeldOpen = false }: Props) {
  const id = useId();
  const isReadOnly = use(ReadOnly);
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const wasOpen = useRef(false);
  const isEditing = (isOpen || isHeldOpen) && !isReadOnly;
  useEffect(() => {
    // Only where the focus would be lost: who has gone elsewhere stays there.
    if (wasOpen.current && !isEditing && (document.activeElement ?? document.body) === document.body)
      button.current?.focus();
    wasOpen.current = isEditing;
  }, [isEditing]);
  if (isReadOnly)
    return (
      <Row label={label}>
        <span className={styles.together}>{children}</span>
      </Row>
    );
  return (
    <div className={styles.row}>
      <span className={styles.label} id={`${id}-label`}>
        {label}
      </span>
      {isEditing ? (
        <div className={styles.control}>{control(() => setOpen(false))}</div>
      ) : (
        <div className={styles.line}>
          <button
            ref={button}
            type="button"
            id={`${id}-value`}
            className={styles.value}
            aria-labelledby={`${id}-label ${id}-value`}
            onClick={() => setOpen(true)}
          >
            {children}
          </button>
          {aside}
        </div>
      )}
    </div>
  );
}
