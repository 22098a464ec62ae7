import { Suspense, lazy, useState } from 'react';
import { useText } from '../../text';
import { Field, inputClass } from '../../ui/field';
import { classes } from '../../ui/classes';
import { Skeleton } from '../../ui/skeleton';
import styles from './new-ticket.module.css';
import { newTicketText } from './text';

const Markdown = lazy(() => import('../../ui/markdown').then(({ Markdown }) => ({ default: Markdown })));

interface Props {
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}

/** What is written, and how it will look. */
export function Description({ value, error, onChange }: Props) {
  const words = useText(newTicketText);
  const [isPreview, setPreview] = useState(false);
  const shows = isPreview && error === undefined;
  return (
    <div className={styles.description}>
      <div className={styles.modes}>
        {[false, true].map((which) => (
          <button
            key={String(which)}
            type="button"
            className={styles.mode}
            aria-pressed={shows === which}
            onClick={() => setPreview(which)}
          >
            {which ? words.preview : words.write}
          </button>
        ))}
      </div>
      {shows ? (
        <section className={styles.preview} aria-label={words.preview}>
          {value.trim() === '' ? (
            <p className={styles.quiet}>{words.nothing}</p>
          ) : (
            <Suspense fallback={<Skeleton lines={4} />}>
              <Markdown>{value}</Markdown>
            </Suspense>
          )}
        </section>
      ) : (
        <Field label={words.description} hint={words.descriptionHint} error={error}>
          {({ id, describedBy, isInvalid }) => (
            <textarea
              id={id}
              name="description"
              dir="auto"
              rows={9}
              maxLength={100_000}
              className={classes(inputClass, styles.text)}
              value={value}
              aria-required
              aria-describedby={describedBy}
              aria-invalid={isInvalid || undefined}
              onChange={(event) => onChange(event.target.value)}
            />
          )}
        </Field>
      )}
    </div>
  );
}
