/** How this desk shows itself to whoever opens it, signed in or not. */
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { atBase } from '../api/base';
import { Problem } from '../api/problem';
import { defineText, useText } from '../text';

export interface Welcome {
  name: string;
  logo_url: string | null;
  colour: string | null;
  /** Whether customers may make themselves an account. */
  registration: boolean;
  /** Whether there is no administrator yet. */
  needs_setup: boolean;
}

const text = defineText({ desk: 'Help desk' }, { desk: 'Helpdesk' });

async function ask(signal: AbortSignal): Promise<Welcome> {
  const response = await fetch(atBase('api/welcome'), { signal });
  if (!response.ok) throw await Problem.of(response);
  return (await response.json()) as Welcome;
}

/** What is known of the desk; until it has answered, that it is open and called what it is. */
export function useDesk(): Welcome {
  const words = useText(text);
  const { data } = useQuery({
    queryKey: ['welcome'],
    queryFn: ({ signal }) => ask(signal),
    staleTime: Infinity,
    retry: false,
  });
  return data ?? { name: words.desk, logo_url: null, colour: null, registration: true, needs_setup: false };
}

/** Names the page in the browser's tab and history: `Page · Desk`. */
export function useTitle(page: string | undefined): void {
  const { name } = useDesk();
  useEffect(() => {
    if (page !== undefined) document.title = page === '' ? name : `${page} · ${name}`;
  }, [page, name]);
}
