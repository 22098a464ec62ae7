/** The page of one thing: loaded, not there, or new. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Problem } from '../../api/problem';
import { useText } from '../../text';
import { buttonClass } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { Skeleton } from '../../ui/skeleton';
import { areaText } from './areas';
import { Failed } from './list';
import { adminText } from './text';

interface Props<T> {
  area: keyof typeof areaText.en;
  id: string;
  /** Begins with the noun. */
  queryKey: readonly unknown[];
  load: (signal: AbortSignal) => Promise<T>;
  /** Draws it; nothing is one that is made now. */
  children: (stored: T | undefined) => ReactNode;
}

export function One<T>({ area, id, queryKey, load, children }: Props<T>) {
  const words = useText(adminText);
  const areas = useText(areaText);
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: ({ signal }) => load(signal),
    enabled: id !== 'new',
  });
  if (id === 'new') return children(undefined);
  if (data !== undefined) return children(data);
  if (error === null) return <Skeleton lines={8} height="1.5rem" />;
  // An address with an id that is none is refused as unreadable.
  if (error instanceof Problem && [400, 404].includes(error.status)) {
    return (
      <Empty
        title={words.goneTitle}
        action={
          <Link to="/admin/$area" params={{ area }} className={buttonClass()}>
            {words.back(areas[area])}
          </Link>
        }
      >
        {words.gone}
      </Empty>
    );
  }
  return <Failed error={error} retry={() => void refetch()} />;
}
