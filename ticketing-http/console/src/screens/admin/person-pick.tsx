/** Choosing a person by name or address, among however many there are. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../../api/client';
import type { Role } from '../../api/types';
import { useRested } from '../../ui/use-rested';
import { Pick } from '../../ui/pick';

interface Props {
  label: string;
  isLabelHidden?: boolean;
  value: string | null;
  onChange: (id: string | null) => void;
  roles?: readonly Role[];
  /** Who is not offered. */
  without?: readonly string[];
  placeholder?: string;
  canBeEmpty?: boolean;
  error?: string | undefined;
  className?: string;
}

export function PersonPick({ value, roles, without = [], ...rest }: Props) {
  const [typed, setTyped] = useState('');
  const q = useRested(typed.trim());
  const asked = {
    ...(q === '' ? {} : { q }),
    ...(roles === undefined ? {} : { role: [...roles] }),
    is_active: true,
  };
  const found = useQuery({
    queryKey: ['users', 'found', asked],
    queryFn: ({ signal }) => ok(api.GET('/api/users', { params: { query: { ...asked, limit: 25 } }, signal })),
    placeholderData: (old) => old,
  });
  const chosen = useQuery({
    queryKey: ['user', value],
    queryFn: ({ signal }) => ok(api.GET('/api/users/{id}', { params: { path: { id: value ?? '' } }, signal })),
    enabled: value !== null && value !== '',
  });
  const people = (found.data?.items ?? []).filter((user) => !without.includes(user.id) && user.id !== value);
  const all = chosen.data === undefined ? people : [chosen.data, ...people];
  return (
    <Pick
      {...rest}
      value={value === '' ? null : value}
      items={all.map((user) => ({ id: user.id, name: user.name, about: user.email }))}
      onSearch={setTyped}
    />
  );
}
