/** Lists of the API, page by page or whole. */
import { keepPreviousData, useInfiniteQuery, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Page } from '../../api/types';

type Load<T> = (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>;

export interface Endless<T> {
  /** Nothing until the first page is there. */
  rows: readonly T[] | undefined;
  /** How many there are in all, where that was asked for. */
  total: number | undefined;
  error: Error | null;
  /** What is shown is of an older search. */
  isOld: boolean;
  more: (() => void) | undefined;
  isLoadingMore: boolean;
  retry: () => void;
}

/** A list that goes on as one scrolls. */
export function useEndless<T>(queryKey: readonly unknown[], load: Load<T>): Endless<T> {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  return {
    rows: query.data?.pages.flatMap((page) => page.items),
    total: query.data?.pages[0]?.total,
    error: query.error,
    isOld: query.isPlaceholderData,
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
    isLoadingMore: query.isFetchingNextPage,
    retry: () => void query.refetch(),
  };
}

/** Of what is chosen from, so much is asked for at most. */
const MOST_PAGES = 20;

/** All of a list, for what is chosen from. */
export async function readAll<T>(load: Load<T>, signal: AbortSignal): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, next_cursor } = await load(cursor, signal);
    all.push(...items);
    if (next_cursor === null) break;
    cursor = next_cursor;
  }
  return all;
}

export function useAll<T>(noun: string, load: Load<T>) {
  return useQuery({ queryKey: [noun, 'all'], queryFn: ({ signal }) => readAll(load, signal) });
}
/** A list that is there as a whole, for what draws lists page by page. */
export function whole<T>(query: UseQueryResult<T[]>): Endless<T> {
  return {
    rows: query.data,
    total: query.data?.length,
    error: query.error,
    isOld: false,
    more: undefined,
    isLoadingMore: false,
    retry: () => void query.refetch(),
  };
}
