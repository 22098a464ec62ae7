import { Plus, Undo2, X } from 'lucide-react';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { TextField } from '../../../ui/field';
import type { Form } from '../../../ui/use-form';
import panels from '../panels.module.css';
import type { HeaderLine, WebhookForm } from './form';
import { webhookText } from './text';
import styles from './webhooks.module.css';

/** Headers that calls carry. The desk tells their names alone. */
export function Headers({ form }: { form: Form<WebhookForm> }) {
  const words = useText(webhookText);
  const lines = form.draft.headers;
  const put = (at: number, line: HeaderLine | undefined) =>
    form.set({
      headers:
        line === undefined ? lines.filter((_, other) => other !== at) : lines.map((one, i) => (i === at ? line : one)),
    });
  const error = form.errorIn('headers');
  return (
    <div className={styles.below}>
      <p className={styles.label}>{words.headers}</p>
      <p className={panels.small}>{words.headersHint}</p>
      {lines.length > 0 && (
        <ul className={styles.headers}>
          {lines.map((line, at) => (
            <li key={at} className={styles.header}>
              {line.isStored ? (
                <code className={line.how === 'remove' ? styles.gone : undefined}>{line.name}</code>
              ) : (
                <TextField
                  label={words.headerName}
                  isLabelHidden
                  placeholder={words.headerName}
                  dir="ltr"
                  spellCheck={false}
                  value={line.name}
                  onChange={(event) => put(at, { ...line, name: event.target.value })}
                />
              )}
              {line.how === 'set' ? (
                <TextField
                  label={`${words.headerValue} ${line.name}`}
                  isLabelHidden
                  placeholder={words.headerValue}
                  dir="ltr"
                  autoComplete="off"
                  spellCheck={false}
                  value={line.value}
                  onChange={(event) => put(at, { ...line, value: event.target.value })}
                />
              ) : (
                <span className={panels.small}>{line.how === 'remove' ? words.headerGone : words.headerKept}</span>
              )}
              <span className={styles.headerActions}>
                {line.isStored && line.how === 'keep' && (
                  <Button size="small" onClick={() => put(at, { ...line, how: 'set' })}>
                    {words.secretReplace}
                  </Button>
                )}
                {line.isStored && line.how !== 'keep' ? (
                  <Button
                    size="small"
                    label={`${words.undo} ${line.name}`}
                    icon={<Undo2 size={14} />}
                    onClick={() => put(at, { ...line, how: 'keep', value: '' })}
                  />
                ) : (
                  <Button
                    size="small"
                    label={`${words.secretRemove} ${line.name}`}
                    icon={<X size={14} />}
                    onClick={() => put(at, line.isStored ? { ...line, how: 'remove' } : undefined)}
                  />
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      {error !== undefined && <p className={styles.error}>{error}</p>}
      <Button
        size="small"
        icon={<Plus size={14} />}
        onClick={() => form.set({ headers: [...lines, { name: '', value: '', how: 'set', isStored: false }] })}
      >
        {words.headerAdd}
      </Button>
    </div>
  );
}
