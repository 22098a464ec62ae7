import type { ComponentProps, ReactNode } from 'react';
import styles from './button.module.css';
import { classes } from './classes';

export type ButtonKind = 'primary' | 'plain' | 'quiet' | 'danger';

export function buttonClass(kind: ButtonKind = 'plain', size?: 'small', icon = false): string {
  return classes(styles.button, styles[kind], size && styles.small, icon && styles.icon);
}

interface Props extends ComponentProps<'button'> {
  kind?: ButtonKind;
  size?: 'small';
  /** Says what it does, where it shows a picture alone. */
  label?: string;
  icon?: ReactNode;
  /** While it works: it can't be pressed again, and says so. */
  busy?: boolean;
}

/** Something to press. With `label` and `icon` alone it is a square with a picture. */
export function Button({ kind, size, label, icon, busy = false, children, className, onClick, ...rest }: Props) {
  const bare = children === undefined;
  return (
    <button
      type="button"
      {...rest}
      className={classes(buttonClass(kind ?? (bare ? 'quiet' : 'plain'), size, bare), className)}
      aria-label={label}
      title={bare ? label : rest.title}
      aria-busy={busy || undefined}
      // Not disabled while it works: that would take the focus away.
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {icon}
      {children}
    </button>
  );
}
