/** The page of one thing: loaded, not there, or new. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../../text';
import { buttonClass } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { Loaded } from '../../ui/loaded';
import { areaText } from './areas';
import { adminText } from './text';

interface OneProps<T> {
  area: keyof typeof areaText.en;
  /** Begins with the noun. */
  queryKey: readonly unknown[];
  load: (signal: AbortSignal) => Promise<T>;
  /** Whether it changes by itself: it is asked for anew whenever somebody comes back to it. */
  isFresh?: boolean;
  /** After how long it is asked for again while it stands like this, milliseconds; never unless said. */
  again?: (stored: T) => number | false;
  children: (stored: T) => ReactNode;
}

export function One<T>({ area, queryKey, load, isFresh = false, again, children }: OneProps<T>) {
  const words = useText(adminText);
  const areas = useText(areaText);
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => load(signal),
    ...(isFresh ? { staleTime: 0 } : {}),
    refetchInterval: ({ state }) => state.data !== undefined && (again?.(state.data) ?? false),
  });
  const back = (
    <Link to="/admin/$area" params={{ area }} className={buttonClass()}>
      {words.back(areas[area])}
    </Link>
  );
  return (
    <Loaded
      of={query}
      lines={8}
      gone={
        <Empty title={words.goneTitle} action={back}>
          {words.gone}
        </Empty>
      }
    >
      {children}
    </Loaded>
  );
}

interface OneOrNewProps<T> extends Omit<OneProps<T>, 'children'> {
  id: string;
  /** Draws it; nothing is one that is made now. */
  children: (stored: T | undefined) => ReactNode;
}

export function OneOrNew<T>({ id, children, ...one }: OneOrNewProps<T>) {
  return id === 'new' ? children(undefined) : <One {...one}>{children}</One>;
}
