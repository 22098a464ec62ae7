/** The rows of a conversation: days, messages, and what happened between them. */
import type { Comment } from '../../../api/types';
import type { Happening } from './history';

export type Row =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'message'; key: string; comment: Comment; isContinued: boolean }
  | { kind: 'changes'; key: string; happenings: Happening[] };

/** Within this time one's next message belongs to the one before. */
const TOGETHER_MS = 10 * 60_000;

/** Said by something else beside it, or by the conversation itself. */
const SAID_ELSEWHERE = new Set([
  'ticket.created',
  'ticket.resolved',
  'ticket.reopened',
  'ticket.closed',
  'comment.added',
  'comment.edited',
]);
/** What customers are told; the rest is the desk's own housekeeping. */
const FOR_CUSTOMERS = new Set(['ticket.status_changed', 'ticket.merged', 'ticket.unmerged']);

/** Whether it stands in the conversation as a line of its own. */
export function isTold(happening: Happening, isStaff: boolean): boolean {
  return isStaff ? !SAID_ELSEWHERE.has(happening.type) : FOR_CUSTOMERS.has(happening.type);
}

interface Given {
  /** In any order. */
  comments: readonly Comment[];
  happenings: readonly Happening[];
  /** The day of a moment, as the reader's calendar has it. */
  day: (at: string) => string;
  /** The newest so many messages and changes. */
  most?: number;
}

/** Oldest first; and how many messages and changes were left out before the first. */
export function compose({ comments, happenings, day, most = Infinity }: Given): { rows: Row[]; left: number } {
  const all = [
    ...comments.map((comment) => ({ at: comment.created_at, comment, happening: undefined })),
    ...happenings.map((happening) => ({ at: happening.at, comment: undefined, happening })),
  ].sort((a, b) =>
    a.at < b.at ? -1 : a.at > b.at ? 1 : Number(a.comment === undefined) - Number(b.comment === undefined),
  );
  const left = Math.max(all.length - most, 0);
  const rows: Row[] = [];
  let before: string | undefined;
  for (const { at, comment, happening } of all.slice(left)) {
    const today = day(at);
    if (today !== before) rows.push({ kind: 'day', key: `day-${today}`, at });
    before = today;
    const last = rows.at(-1);
    if (comment !== undefined)
      rows.push({ kind: 'message', key: comment.id, comment, isContinued: continues(last, comment) });
    else if (last?.kind === 'changes') last.happenings.push(happening);
    else rows.push({ kind: 'changes', key: happening.event_id, happenings: [happening] });
  }
  return { rows, left };
}

function continues(before: Row | undefined, comment: Comment): boolean {
  if (before?.kind !== 'message') return false;
  const other = before.comment;
  return (
    other.author.id === comment.author.id &&
    other.is_internal === comment.is_internal &&
    Date.parse(comment.created_at) - Date.parse(other.created_at) < TOGETHER_MS
  );
}
