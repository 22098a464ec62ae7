import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../../../api/client';
import { useText } from '../../../text';
import { useRested } from '../../../ui/use-rested';
import { Pick, type Choice } from '../../../ui/pick';
import { auditText } from './text';

/** Whoever may have done something, found by name. */
export function ActorFilter({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}) {
  const words = useText(auditText);
  const [typed, setTyped] = useState('');
  const wanted = useRested(typed.trim());
  const found = useQuery({
    queryKey: ['users', 'found', wanted],
    queryFn: ({ signal }) =>
      ok(api.GET('/api/users', { params: { query: { limit: 20, ...(wanted === '' ? {} : { q: wanted }) } }, signal })),
    placeholderData: keepPreviousData,
  });
  // Whom the address names may not be among those.
  const chosen = useQuery({
    queryKey: ['user', value],
    enabled: value !== undefined && value !== 'me',
    queryFn: ({ signal }) => ok(api.GET('/api/users/{id}', { params: { path: { id: value ?? '' } }, signal })),
  });
  const people: Choice[] = [
    ...(chosen.data === undefined ? [] : [chosen.data]),
    ...(found.data?.items.filter((one) => one.id !== chosen.data?.id) ?? []),
  ].map((one) => ({ id: one.id, name: one.name, about: one.email }));
  return (
    <Pick
      label={words.actor}
      items={people}
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
      onSearch={setTyped}
    />
  );
}
