import { api, ok } from '../../../api/client';
import { useEndless } from '../../../api/paging';
import type { Schemas } from '../../../api/types';

export type Import = Schemas['Import'];
export type WholeImport = Schemas['WholeImport'];
export type ImportKind = Schemas['ImportKind'];

export const IMPORT_KINDS = ['organizations', 'users', 'tickets'] as const satisfies ImportKind[];

/** Whether a worker is still to do something about it. */
export const isUnderWay = (one: Import) => one.state === 'waiting' || one.state === 'running';

export function useImports() {
  return useEndless<Import>(
    ['imports', 'list'],
    (cursor, signal) => ok(api.GET('/api/imports', { params: { query: { cursor } }, signal })),
    { isFresh: true },
  );
}
