/** Messages that were left by pages which are gone: whatever page is there looks after them. */
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';

/** Loads what sends them, where there are any. */
export function useLeftBehind(): void {
  const queries = useQueryClient();
  const router = useRouter();
  useEffect(() => {
    const look = () => {
      if (!Object.keys(localStorage).some((key) => key.startsWith('outbox.'))) return;
      void import('../screens/ticket/composer/post').then(
        ({ startPost }) => startPost(queries, router),
        // The server is away; the next page asks again.
        () => undefined,
      );
    };
    look();
    addEventListener('storage', look);
    return () => removeEventListener('storage', look);
  }, [queries, router]);
}
