/** What a list is filtered by stands in the address. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

export function useFilter(): [Record<string, string | undefined>, (part: Record<string, string | undefined>) => void] {
  const search: Record<string, string | undefined> = useSearch({ strict: false });
  const navigate = useNavigate();
  const set = (part: Record<string, string | undefined>) =>
    void navigate({
      to: '.',
      search: (old: Record<string, string | undefined>) => ({ ...old, ...part }),
      replace: true,
    });
  return [search, set];
}

/** A value that has rested for a moment, so that not each letter asks. */
export function useRested<T>(value: T, ms = 200): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
}
