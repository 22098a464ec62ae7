/** The first page: views for staff, their own tickets for customers. */
import { useSearch } from '@tanstack/react-router';
import { Suspense, lazy, useEffect, useMemo } from 'react';
import { useMe } from '../../api/session';
import { Skeleton } from '../../ui/skeleton';
import { rememberList } from './last';
import { List } from './list';
import { searchOf, viewOf } from './view';
import { useFirstView } from './views';

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
  const first = useFirstView();
  const view = useMemo(() => viewOf(search, first), [search, first]);
  useEffect(() => rememberList(searchOf(view)), [view]);
  return <List key={view.ref} view={view} />;
}
