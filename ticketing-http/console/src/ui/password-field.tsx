import { Eye, EyeOff } from 'lucide-react';
import { useState, type ComponentProps } from 'react';
import { defineText, useText } from '../text';
import { Button } from './button';
import { Field, inputClass } from './field';
import styles from './password-field.module.css';

const text = defineText(
  {
    show: 'Show the password',
    hide: 'Hide the password',
    rule: 'At least 8 characters. Several words that don’t belong together are easy to keep and hard to guess.',
  },
  {
    show: 'Passwort anzeigen',
    hide: 'Passwort verbergen',
    rule: 'Mindestens 8 Zeichen. Mehrere Wörter ohne Zusammenhang merkt man sich leicht, und sie sind schwer zu erraten.',
  },
);

/** The fewest characters that the server takes. */
export const LEAST = 8;

interface Props extends Omit<ComponentProps<'input'>, 'type'> {
  label: string;
  error?: string | undefined;
  /** Whether it is set here: then its rules are told before. */
  isNew?: boolean;
}

/** A password, which can be looked at. */
export function PasswordField({ label, error, isNew = false, ...rest }: Props) {
  const words = useText(text);
  const [isShown, setShown] = useState(false);
  return (
    <Field label={label} error={error} hint={isNew ? words.rule : undefined}>
      {({ id, describedBy, isInvalid }) => (
        <span className={styles.box}>
          <input
            autoComplete={isNew ? 'new-password' : 'current-password'}
            spellCheck={false}
            autoCapitalize="none"
            {...rest}
            type={isShown ? 'text' : 'password'}
            id={id}
            className={inputClass}
            aria-describedby={describedBy}
            aria-invalid={isInvalid || undefined}
          />
          <Button
            className={styles.eye}
            size="small"
            label={isShown ? words.hide : words.show}
            icon={isShown ? <EyeOff size={16} /> : <Eye size={16} />}
            onClick={() => setShown(!isShown)}
          />
        </span>
      )}
    </Field>
  );
}
