/** What several areas choose from. */
import { api, ok } from '../../api/client';
import { useAll } from '../../api/paging';

export const useOrganizations = () =>
  useAll('organizations', (cursor, signal) =>
    ok(api.GET('/api/organizations', { params: { query: { cursor, limit: 100 } }, signal })),
  );

export const useTeams = () =>
  useAll('teams', (cursor, signal) => ok(api.GET('/api/teams', { params: { query: { cursor, limit: 100 } }, signal })));

export const useCalendars = () =>
  useAll('calendars', (cursor, signal) =>
    ok(api.GET('/api/calendars', { params: { query: { cursor, limit: 100 } }, signal })),
  );

export const usePolicies = () =>
  useAll('sla-policies', (cursor, signal) =>
    ok(api.GET('/api/sla-policies', { params: { query: { cursor, limit: 100 } }, signal })),
  );

export const useCustomFields = () =>
  useAll('custom-fields', (cursor, signal) =>
    ok(api.GET('/api/custom-fields', { params: { query: { cursor, limit: 100 } }, signal })),
  );
