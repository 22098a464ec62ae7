/** What is asked for, or that it is on its way, did not come, or is not there. */
import type { ReactNode } from 'react';
import { Problem } from '../api/problem';
import { defineText, useText } from '../text';
import { Button } from './button';
import { Empty } from './empty';
import { Skeleton } from './skeleton';
import { reason } from './toast';

const text = defineText(
  { failed: 'This could not be loaded', again: 'Try again', loading: 'Loading' },
  { failed: 'Das ließ sich nicht laden', again: 'Noch einmal versuchen', loading: 'Wird geladen' },
);

interface Loading<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

interface Props<T> {
  of: Loading<T>;
  /** How much room it will take, about. */
  lines?: number;
  /** Stands there where the server knows nothing of that name. */
  gone?: ReactNode;
  children: (data: T) => ReactNode;
}

export function Loaded<T>({ of, lines = 6, gone, children }: Props<T>) {
  const words = useText(text);
  // What is shown stays where only asking for it anew has failed: somebody may be writing in it.
  if (of.data !== undefined) return children(of.data);
  if (of.error === null)
    return (
      <div role="status" aria-label={words.loading}>
        <Skeleton lines={lines} height="1.5rem" />
      </div>
    );
  // An address with an id that is none is refused as unreadable.
  if (gone !== undefined && of.error instanceof Problem && [400, 404].includes(of.error.status)) return gone;
  return (
    <div role="alert">
      <Empty title={words.failed} action={<Button onClick={() => void of.refetch()}>{words.again}</Button>}>
        {reason(of.error)}
      </Empty>
    </div>
  );
}
