/** How this desk shows itself to whoever opens it, signed in or not. */
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, ok } from '../api/client';
import type { Schemas } from '../api/types';
import { defineText, useText } from '../text';

export type Desk = Omit<Schemas['Welcome'], 'colour'> & {
  colour: string | null;
  /** Whether the desk has answered; until then it is called what it is. */
  isKnown: boolean;
};

export const WELCOME_KEY = ['welcome'];

const text = defineText({ desk: 'Help desk' }, { desk: 'Helpdesk' });

export function useDesk(): Desk {
  const words = useText(text);
  const { data } = useQuery({
    queryKey: WELCOME_KEY,
    // What the browser keeps of it may be what was changed a moment ago.
    queryFn: ({ signal }) => ok(api.GET('/api/welcome', { signal, cache: 'no-cache' })),
    staleTime: Infinity,
    retry: false,
  });
  if (data !== undefined) return { ...data, isKnown: true };
  return {
    name: words.desk,
    logo_url: null,
    colour: null,
    registration: false,
    needs_setup: false,
    isKnown: false,
  };
}

/** Names the page in the browser's tab and history: `Page · Desk`. */
export function useTitle(page: string | undefined): void {
  const { name } = useDesk();
  useEffect(() => {
    if (page !== undefined) document.title = page === '' ? name : `${page} · ${name}`;
  }, [page, name]);
}
