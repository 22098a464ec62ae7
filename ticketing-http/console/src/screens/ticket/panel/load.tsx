import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { defineText, useText } from '../../../text';
import { Button } from '../../../ui/button';
import { Skeleton } from '../../../ui/skeleton';
import { reason } from '../../../ui/toast';
import styles from './load.module.css';

const text = defineText({ again: 'Try again' }, { again: 'Erneut versuchen' });

/** What is asked for when a part is opened: a shape of it, then it, or why it is not there. */
export function Load<T>({
  query,
  lines = 2,
  children,
}: {
  query: UseQueryResult<T>;
  lines?: number;
  children: (data: T) => ReactNode;
}) {
  const words = useText(text);
  if (query.data !== undefined) return children(query.data);
  if (query.isError) {
    return (
      <div className={styles.error} role="alert">
        <p dir="auto">{reason(query.error)}</p>
        <Button size="small" onClick={() => void query.refetch()}>
          {words.again}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.wait}>
      <Skeleton lines={lines} height="0.875rem" />
    </div>
  );
}
