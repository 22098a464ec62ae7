import { useId, type ComponentProps, type ReactNode } from 'react';
import { classes } from './classes';
import styles from './field.module.css';

export const inputClass: string = styles.input ?? '';

interface About {
  label: string;
  /** Shows the label to screen readers alone, where the place says it already. */
  isLabelHidden?: boolean | undefined;
  hint?: ReactNode;
  /** What is wrong with it; the server's own words where it has them. */
  error?: string | undefined;
}

interface FieldProps extends About {
  className?: string | undefined;
  children: (of: { id: string; describedBy: string | undefined; isInvalid: boolean }) => ReactNode;
}

/** A label, a control, and what there is to say about it. */
export function Field({ label, isLabelHidden = false, hint, error, className, children }: FieldProps) {
  const id = useId();
  const about = error !== undefined || hint !== undefined ? `${id}-about` : undefined;
  return (
    <div className={classes(styles.field, className)}>
      <label htmlFor={id} className={isLabelHidden ? 'visually-hidden' : styles.label}>
        {label}
      </label>
      {children({ id, describedBy: about, isInvalid: error !== undefined })}
      {error !== undefined ? (
        <p id={about} className={styles.error}>
          {error}
        </p>
      ) : (
        hint !== undefined && (
          <p id={about} className={styles.hint}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}

export function TextField({ label, isLabelHidden, hint, error, className, ...rest }: About & ComponentProps<'input'>) {
  return (
    <Field {...{ label, isLabelHidden, hint, error, className }}>
      {({ id, describedBy, isInvalid }) => (
        <input
          dir="auto"
          {...rest}
          id={id}
          className={styles.input}
          aria-describedby={describedBy}
          aria-invalid={isInvalid || undefined}
        />
      )}
    </Field>
  );
}

export function TextArea({
  label,
  isLabelHidden,
  hint,
  error,
  className,
  ...rest
}: About & ComponentProps<'textarea'>) {
  return (
    <Field {...{ label, isLabelHidden, hint, error, className }}>
      {({ id, describedBy, isInvalid }) => (
        <textarea
          dir="auto"
          rows={4}
          {...rest}
          id={id}
          className={styles.input}
          aria-describedby={describedBy}
          aria-invalid={isInvalid || undefined}
        />
      )}
    </Field>
  );
}

/** The browser's own list: on a phone nothing is better. */
export function SelectField({
  label,
  isLabelHidden,
  hint,
  error,
  className,
  ...rest
}: About & ComponentProps<'select'>) {
  return (
    <Field {...{ label, isLabelHidden, hint, error, className }}>
      {({ id, describedBy, isInvalid }) => (
        <select
          {...rest}
          id={id}
          className={styles.input}
          aria-describedby={describedBy}
          aria-invalid={isInvalid || undefined}
        />
      )}
    </Field>
  );
}

export function CheckField({ label, hint, ...rest }: Omit<About, 'error' | 'isLabelHidden'> & ComponentProps<'input'>) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.check}>
        <input type="checkbox" aria-describedby={hint === undefined ? undefined : id} {...rest} />
        <span>{label}</span>
      </label>
      {hint !== undefined && (
        <p id={id} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}
