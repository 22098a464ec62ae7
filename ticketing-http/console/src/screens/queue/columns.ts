/** What a row shows beside the subject, and how much of it fits. */
import { hasOrder, type CustomField } from '../../api/custom-fields';
import { customKey } from './view';

export type ColumnId = 'status' | 'assignee' | 'team' | 'sla' | 'tags' | 'category' | 'channel' | 'created' | 'updated';

export interface Column {
  id: string;
  /** What the desk calls it, where it is a field of its own. */
  label?: string;
  /** In rem. */
  width: number;
  sort?: string;
  /** The higher, the sooner it goes where there is no room. */
  spare: number;
}

/** In the order in which they stand where nothing else is said. */
export const COLUMNS: readonly (Column & { id: ColumnId })[] = [
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

type Shown = Pick<CustomField, 'key' | 'label' | 'field_type' | 'is_active'>;

/** Columns by their ids, in this order, also of the desk's own fields. */
export function columnsOf(ids: readonly string[], custom: readonly Shown[]): readonly Column[] {
  return ids.flatMap((id) => {
    const known = COLUMNS.find((column) => column.id === id);
    const key = customKey(id);
    if (known !== undefined || key === undefined) return known ?? [];
    const field = custom.find((one) => one.key === key);
    const sort = field !== undefined && hasOrder(field) ? { sort: id } : {};
    return { id, label: field?.label ?? key, width: 8, spare: 4, ...sort };
  });
}

/** Those of the columns that fit beside the subject. */
export function fitting(chosen: readonly Column[], widthRem: number): readonly Column[] {
  let columns = chosen;
  const total = () => columns.reduce((sum, column) => sum + column.width, SUBJECT);
  while (columns.length > 0 && total() > widthRem) {
    const most = Math.max(...columns.map((column) => column.spare));
    columns = columns.filter((column) => column.spare !== most);
  }
  return columns;
}

/** Below this width rows are cards. */
export const CARDS_BELOW = 40;
