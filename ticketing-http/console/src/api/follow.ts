import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

const followed = new WeakSet<(queries: QueryClient) => void>();

/** Begins to follow what happens to what is kept; once for the page, since it is to be true also when one comes back to it. */
export function useFollow(follow: (queries: QueryClient) => void): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (followed.has(follow)) return;
    followed.add(follow);
    follow(queries);
  }, [queries, follow]);
}
