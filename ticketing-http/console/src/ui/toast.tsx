/** Short words about what was done, with a way back where there is one. They are read out, and never take the focus. */
import { X } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';
import { Problem } from '../api/problem';
import { defineText, say, useText } from '../text';
import { Button } from './button';
import { classes } from './classes';
import { faultText, problemText } from './fault';
import styles from './toast.module.css';

interface Toast {
  id: number;
  tone: 'plain' | 'error';
  message: string;
  action?: { label: string; run: () => void } | undefined;
  /** In milliseconds. */
  lasts: number;
}

const text = defineText(
  {
    region: 'Messages',
    dismiss: 'Dismiss',
    offline: 'The server can’t be reached. Try again in a moment.',
    unknown: 'Something went wrong.',
  },
  {
    region: 'Meldungen',
    dismiss: 'Schließen',
    offline: 'Der Server ist nicht erreichbar. Bitte gleich noch einmal versuchen.',
    unknown: 'Etwas ist schiefgegangen.',
  },
);

let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of [...listeners]) listener();
}

/** Shows a message for a while; answers what takes it away earlier. */
export function toast(message: string, more: Partial<Pick<Toast, 'tone' | 'action' | 'lasts'>> = {}): () => void {
  const one: Toast = { id: ++last, tone: 'plain', lasts: more.action ? 10_000 : 5_000, ...more, message };
  set([...toasts.slice(-3), one]);
  return () => set(toasts.filter((other) => other.id !== one.id));
}

/** Why something did not work, in words for people. */
export function reason(error: unknown): string {
  if (error instanceof Problem) {
    if (error.status === 0) return say(text).offline;
    const fields = error.body.errors?.map(faultText).join(' ');
    return fields !== undefined && fields !== '' ? fields : problemText(error);
  }
  return error instanceof Error ? error.message : say(text).unknown;
}

export function toastError(error: unknown): void {
  toast(reason(error), { tone: 'error', lasts: 9_000 });
}

export function Toasts() {
  const words = useText(text);
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    // By its attribute what is said stays there, and is read out, while a dialog is open.
    <div className={styles.region} role="region" aria-label={words.region} data-react-aria-top-layer>
      <div aria-live="polite" aria-relevant="additions">
        {shown.map((one) => (
          <One key={one.id} toast={one} dismissLabel={words.dismiss} />
        ))}
      </div>
    </div>
  );
}

function One({ toast: one, dismissLabel }: { toast: Toast; dismissLabel: string }) {
  const gone = () => set(toasts.filter((other) => other.id !== one.id));
  useEffect(() => {
    const timer = setTimeout(gone, one.lasts);
    return () => clearTimeout(timer);
    // A toast never changes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <div className={classes(styles.toast, one.tone === 'error' && styles.error)}>
      <span dir="auto">{one.message}</span>
      {one.action !== undefined && (
        <Button
          size="small"
          kind="quiet"
          className={styles.action}
          onClick={() => {
            one.action?.run();
            gone();
          }}
        >
          {one.action.label}
        </Button>
      )}
      <Button size="small" label={dismissLabel} icon={<X size={14} />} className={styles.action} onClick={gone} />
    </div>
  );
}
