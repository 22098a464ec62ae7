/** Lists of the API, page by page or whole. */
import { keepPreviousData, useInfiniteQuery, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Page } from './types';

type Load<T> = (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>;

export interface Paged<T> {
  /** Nothing until the first page is there. */
  data: readonly T[] | undefined;
  error: Error | null;
  refetch: () => unknown;
  isRefetching: boolean;
  /** How many there are in all, where that was asked for. */
  total: number | undefined;
  /** What is shown is of an older search. */
  isOld: boolean;
  hasMore: boolean;
  isLoadingMore: boolean;
  /** Whether asking for more failed. */
  isMoreFailed: boolean;
  more: () => void;
}

/** A list that goes on as one scrolls; `isFresh` is asked for anew whenever somebody comes back to it. */
export function useEndless<T>(queryKey: readonly unknown[], load: Load<T>, { isFresh = false } = {}): Paged<T> {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    ...(isFresh ? { staleTime: 0 } : {}),
  });
  return {
    data: query.data?.pages.flatMap((page) => page.items),
    error: query.error,
    refetch: query.refetch,
    isRefetching: query.isRefetching,
    total: query.data?.pages[0]?.total,
    isOld: query.isPlaceholderData,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    isMoreFailed: query.isFetchNextPageError,
    more: () => void query.fetchNextPage(),
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

export function useAll<T>(noun: string, load: Load<T>, enabled = true) {
  return useQuery({ queryKey: [noun, 'all'], queryFn: ({ signal }) => readAll(load, signal), enabled });
}

/** A list that is there as a whole, for what draws lists page by page. */
export function whole<T>(query: UseQueryResult<T[]>): Paged<T> {
  return {
    data: query.data,
    error: query.error,
    refetch: query.refetch,
    isRefetching: query.isRefetching,
    total: query.data?.length,
    isOld: false,
    hasMore: false,
    isLoadingMore: false,
    isMoreFailed: false,
    more: () => undefined,
  };
}
