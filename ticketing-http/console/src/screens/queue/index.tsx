/** The first page: queues for staff, their own tickets for customers. */
import { useSearch } from '@tanstack/react-router';
import { Suspense, lazy, useMemo } from 'react';
import { useMe } from '../../api/session';
import { Skeleton } from '../../ui/skeleton';
import { List } from './list';
import { viewOf } from './view';

const Portal = lazy(() => import('../portal'));

export default function Screen() {
  const me = useMe();
  return me.role === 'customer' ? (
    <Suspense fallback={<Skeleton lines={6} />}>
      <Portal />
    </Suspense>
  ) : (
    <Queue />
  );
}

function Queue() {
  const search: Partial<Record<string, string>> = useSearch({ strict: false });
  const view = useMemo(() => viewOf(search), [search]);
  return <List key={view.queue} view={view} />;
}
