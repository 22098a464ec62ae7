/** What a list is filtered by stands in the address. */
import { useNavigate, useSearch } from '@tanstack/react-router';

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
