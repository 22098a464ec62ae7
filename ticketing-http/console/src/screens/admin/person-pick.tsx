/** Choosing a person by name or address, among however many there are. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../../api/client';
import type { Role, User } from '../../api/types';
import { useRested } from '../../ui/use-rested';
import { Pick, type Choice } from '../../ui/pick';

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

export function PersonPick({ value, roles, without = [], onChange, ...rest }: Props) {
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
  // Who was picked here has a name before they are asked for: another name a moment later would look as if it were typed.
  const [picked, setPicked] = useState<Choice>();
  const people = (found.data?.items ?? [])
    .filter((user) => !without.includes(user.id) && user.id !== value)
    .map(choiceOf);
  const now = chosen.data === undefined ? undefined : choiceOf(chosen.data);
  const known = now ?? (picked?.id === value ? picked : undefined);
  return (
    <Pick
      {...rest}
      value={value === '' ? null : value}
      items={known === undefined ? people : [known, ...people]}
      onSearch={setTyped}
      onChange={(id) => {
        setPicked(people.find((one) => one.id === id));
        onChange(id);
      }}
    />
  );
}

const choiceOf = ({ id, name, email }: User): Choice => ({ id, name, about: email });
