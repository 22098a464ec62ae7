/** What a row shows beside the subject, and how much of it fits. */
import type { SortField } from './view';

export type ColumnId = 'status' | 'assignee' | 'team' | 'sla' | 'tags' | 'category' | 'channel' | 'created' | 'updated';

export interface Column {
  id: ColumnId;
  /** In rem. */
  width: number;
  sort?: SortField;
  /** The higher, the sooner it goes where there is no room. */
  spare: number;
}

/** In the order in which they stand. */
export const COLUMNS: readonly Column[] = [
  { id: 'status', width: 7.75, sort: 'status', spare: 0 },
  { id: 'assignee', width: 9.5, spare: 1 },
  { id: 'team', width: 8.5, spare: 4 },
  { id: 'sla', width: 8, sort: 'sla_due_at', spare: 2 },
  { id: 'tags', width: 11, spare: 5 },
  { id: 'category', width: 8, spare: 6 },
  { id: 'channel', width: 5, spare: 8 },
  { id: 'created', width: 6.5, sort: 'created_at', spare: 7 },
  { id: 'updated', width: 6.5, sort: 'updated_at', spare: 3 },
];

export const USUAL: readonly ColumnId[] = ['status', 'assignee', 'team', 'sla', 'tags', 'updated'];

/** The subject with what stands before it, in rem. */
const SUBJECT = 21;

/** Those of the chosen columns that fit beside the subject. */
export function fitting(chosen: readonly ColumnId[], widthRem: number): readonly Column[] {
  let columns = COLUMNS.filter((column) => chosen.includes(column.id));
  const total = () => columns.reduce((sum, column) => sum + column.width, SUBJECT);
  while (columns.length > 0 && total() > widthRem) {
    const most = Math.max(...columns.map((column) => column.spare));
    columns = columns.filter((column) => column.spare !== most);
  }
  return columns;
}

/** Below this width rows are cards. */
export const CARDS_BELOW = 40;
