/** The desk's own fields, as far as one sees them. */
import { useQuery, type QueryClient } from '@tanstack/react-query';
import { api, ok } from './client';
import type { Schemas } from './types';

export type CustomField = Schemas['CustomField'];

/** Undefined until they are there. */
export function useCustomFieldsOrNone(enabled = true): readonly CustomField[] | undefined {
  const { data } = useQuery({
    queryKey: ['custom-fields'],
    staleTime: 3_600_000,
    enabled,
    queryFn: async ({ signal }) => {
      const fields: CustomField[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await ok(
          api.GET('/api/custom-fields', {
            params: { query: { limit: 100, ...(cursor == null ? {} : { cursor }) } },
            signal,
          }),
        );
        fields.push(...page.items);
        cursor = page.next_cursor;
      } while (cursor != null);
      return fields;
    },
  });
  return data;
}

const NONE: readonly CustomField[] = [];

export function useCustomFields(enabled = true): readonly CustomField[] {
  return useCustomFieldsOrNone(enabled) ?? NONE;
}

/** As far as they are known by now. */
export function knownCustomFields(queries: QueryClient): readonly CustomField[] | undefined {
  return queries.getQueryData<readonly CustomField[]>(['custom-fields']);
}

/** Whether lists can be sorted by it. */
export function hasOrder({ field_type, is_active }: Pick<CustomField, 'field_type' | 'is_active'>): boolean {
  return is_active && ['text', 'number', 'date', 'select'].includes(field_type);
}
