/** What these pages ask the server for. */
import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, ok } from '../../api/client';
import { readAll } from '../../api/paging';
import { useMe } from '../../api/session';
import type { Schemas } from '../../api/types';
import { useText } from '../../text';
import { useLocale } from '../../text/language';
import { ticketText } from '../../ui/badge';
import { conditionText } from '../../ui/condition-text';
import { plainName } from './model/catalog';
import type { Speech } from './model/describe';
import { isObject } from './model/json';
import { ruleText } from './model/text';

export const WORKFLOWS = ['workflows'] as const;

export function useWorkflows() {
  return useQuery({
    queryKey: WORKFLOWS,
    queryFn: ({ signal }) =>
      readAll((cursor) => ok(api.GET('/api/workflows', { params: { query: { cursor, limit: 100 } }, signal })), signal),
  });
}

export function workflowKey(id: string): readonly ['workflow', string] {
  return ['workflow', id];
}

export function useWorkflow(id: string | undefined) {
  return useQuery({
    queryKey: workflowKey(id ?? ''),
    enabled: id !== undefined,
    queryFn: ({ signal }) => ok(api.GET('/api/workflows/{id}', { params: { path: { id: id ?? '' } }, signal })),
  });
}

const STILL = 10 * 60_000;

export function useStaff() {
  return useQuery({
    queryKey: ['users', 'staff'],
    staleTime: STILL,
    queryFn: ({ signal }) =>
      readAll(
        (cursor) =>
          ok(
            api.GET('/api/users', {
              params: { query: { cursor, limit: 100, role: ['agent', 'manager', 'admin'] } },
              signal,
            }),
          ),
        signal,
      ),
  });
}

export function useTeams() {
  return useQuery({
    queryKey: ['teams', 'all'],
    staleTime: STILL,
    queryFn: ({ signal }) =>
      readAll((cursor) => ok(api.GET('/api/teams', { params: { query: { cursor, limit: 100 } }, signal })), signal),
  });
}

export function useOrganizations() {
  return useQuery({
    queryKey: ['organizations', 'all'],
    staleTime: STILL,
    queryFn: ({ signal }) =>
      readAll(
        (cursor) => ok(api.GET('/api/organizations', { params: { query: { cursor, limit: 100 } }, signal })),
        signal,
      ),
  });
}

export function useCustomFields() {
  return useQuery({
    queryKey: ['custom-fields', 'all'],
    staleTime: STILL,
    queryFn: ({ signal }) =>
      readAll(
        (cursor) => ok(api.GET('/api/custom-fields', { params: { query: { cursor, limit: 100 } }, signal })),
        signal,
      ),
  });
}

export function useWebhooks(isWanted = true) {
  const isTheirs = useMe().role === 'admin';
  return useQuery({
    queryKey: ['webhooks', 'all'],
    enabled: isWanted && isTheirs,
    staleTime: STILL,
    queryFn: ({ signal }) =>
      readAll((cursor) => ok(api.GET('/api/webhooks', { params: { query: { cursor, limit: 100 } }, signal })), signal),
  });
}

export function useCustomers(q: string, isWanted: boolean) {
  return useQuery({
    queryKey: ['users', 'customers', q],
    enabled: isWanted,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/users', {
          params: { query: { role: ['customer'], limit: 20, ...(q === '' ? {} : { q }) } },
          signal,
        }),
      ),
  });
}

const ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** Ids that a rule compares a person with: customers are looked up one by one, staff and teams are known. */
function personIds(rules: readonly { trigger_conditions: unknown }[]): string[] {
  const ids = new Set<string>();
  const visit = (json: unknown): void => {
    if (Array.isArray(json)) json.forEach(visit);
    else if (isObject(json)) {
      const field = typeof json['field'] === 'string' ? plainName(json['field']) : '';
      if (['customer_id', 'comment.author_id', 'actor.id'].includes(field)) {
        for (const value of [json['value']].flat()) if (typeof value === 'string' && ID.test(value)) ids.add(value);
      }
      ['all', 'any', 'not'].forEach((group) => visit(json[group]));
    }
  };
  rules.forEach((rule) => visit(rule.trigger_conditions));
  return [...ids];
}

/** The words for these rules, with the names of what they name; without those of webhooks, which are administrators'. */
export function useSpeech(rules: readonly { trigger_conditions: unknown }[], hasWebhooks = true): Speech {
  const condition = useText(conditionText);
  const ticket = useText(ticketText);
  const rule = useText(ruleText);
  const locale = useLocale();
  const { data: staff } = useStaff();
  const { data: teams } = useTeams();
  const { data: organizations } = useOrganizations();
  const { data: custom } = useCustomFields();
  const { data: webhooks } = useWebhooks(hasWebhooks);
  const known = useMemo(() => new Set(staff?.map((user) => user.id)), [staff]);
  const others = staff === undefined ? [] : personIds(rules).filter((id) => !known.has(id));
  const found = useQueries({
    queries: others.slice(0, 20).map((id) => ({
      queryKey: ['user', id],
      staleTime: STILL,
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        ok(api.GET('/api/users/{id}', { params: { path: { id } }, signal })),
    })),
    combine: (results) => results.flatMap(({ data }) => (data === undefined ? [] : [data])),
  });
  return useMemo(() => {
    const things: { id: string; name: string }[][] = [
      staff ?? [],
      teams ?? [],
      organizations ?? [],
      webhooks ?? [],
      found,
    ];
    const names = new Map(things.flat().map(({ id, name }) => [id, name]));
    return { condition, ticket, rule, locale, custom: custom ?? [], names };
  }, [condition, ticket, rule, locale, staff, teams, organizations, custom, webhooks, found]);
}

export function useVersions(id: string) {
  return useInfiniteQuery({
    queryKey: [...workflowKey(id), 'versions'],
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: { next_cursor: string | null }) => page.next_cursor ?? undefined,
    queryFn: ({ signal, pageParam }) =>
      ok(
        api.GET('/api/workflows/{id}/versions', {
          params: { path: { id }, query: pageParam === undefined ? {} : { cursor: pageParam } },
          signal,
        }),
      ),
  });
}

export function useRuns(id: string, outcome: Schemas['RunOutcome'] | undefined) {
  return useInfiniteQuery({
    queryKey: [...workflowKey(id), 'runs', outcome ?? ''],
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: { next_cursor: string | null }) => page.next_cursor ?? undefined,
    queryFn: ({ signal, pageParam }) =>
      ok(
        api.GET('/api/workflows/{id}/runs', {
          params: {
            path: { id },
            query: {
              limit: 50,
              ...(outcome === undefined ? {} : { outcome: [outcome] }),
              ...(pageParam === undefined ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
  });
}
