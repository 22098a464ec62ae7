/** What a list is narrowed to, as the address says it. */
import { useNavigate, useSearch } from '@tanstack/react-router';

export type Filters = Readonly<Record<string, string | undefined>>;

export function useFilters(): [Filters, (patch: Filters) => void] {
  const search: Filters = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = (patch: Filters) =>
    void navigate({
      to: '.',
      search: Object.fromEntries(
        Object.entries({ ...search, ...patch }).filter(([, value]) => value !== undefined && value !== ''),
      ),
      replace: true,
    });
  return [search, change];
}

/** One of the values that there are, whatever stands in the address. */
export function oneOf<T extends string>(value: string | undefined, values: readonly T[]): T | undefined {
  return values.find((one) => one === value);
}
