import { describe, expect, it } from 'vitest';
import type { Comment } from '../../../api/types';
import { COMMENT, placed, type Happening } from './history';
import { compose, isTold } from './rows';

const comment = (id: string, at: string, more: Partial<Comment> = {}): Comment => ({
  id,
  ticket_id: 't',
  author: { id: 'kim', name: 'Kim', role: 'agent' },
  body: id,
  is_internal: false,
  channel: 'web',
  attachments: [],
  version: 1,
  created_at: at,
  ...more,
});
const happening = (id: string, at: string, type = 'ticket.assigned'): Happening => ({
  event_id: id,
  type,
  at,
  actor: { id: 'kim', name: 'Kim', role: 'agent' },
  ticket_id: 't',
  data: {},
});
const day = (at: string) => at.slice(0, 10);
const short = (given: Parameters<typeof compose>[0]) =>
  compose(given).rows.map((row) =>
    row.kind === 'day'
      ? day(row.at)
      : row.kind === 'message'
        ? `${row.isContinued ? '+' : ''}${row.comment.id}`
        : row.happenings.map((one) => one.event_id).join('&'),
  );

describe('rows', () => {
  it('stand in order, each day once, with changes in a row folded', () => {
    const comments = [comment('b', '2026-01-02T08:00:00Z'), comment('a', '2026-01-01T10:00:00Z')];
    const happenings = [
      happening('3', '2026-01-02T09:00:00Z'),
      happening('2', '2026-01-01T12:00:00Z'),
      happening('1', '2026-01-01T11:00:00Z'),
    ];
    expect(short({ comments, happenings, day })).toEqual(['2026-01-01', 'a', '1&2', '2026-01-02', 'b', '3']);
  });

  it('begin with the newest of many, and say how many are before', () => {
    const comments = Array.from({ length: 30 }, (_, at) => comment(`c${at}`, `2026-01-01T10:${at + 10}:00Z`));
    const { rows, left } = compose({ comments, happenings: [], day, most: 2 });
    expect(left).toBe(28);
    expect(rows.map((row) => row.key)).toEqual(['day-2026-01-01', 'c28', 'c29']);
  });

  it('go together where one person goes on within some minutes, in the same voice', () => {
    const at = (minute: string) => `2026-01-01T10:${minute}:00Z`;
    const other = { author: { id: 'lu', name: 'Lu', role: 'customer' } };
    const comments = [
      comment('a', at('00')),
      comment('b', at('05')),
      comment('note', at('06'), { is_internal: true }),
      comment('lu', at('07'), other),
      comment('late', at('30'), other),
    ];
    expect(short({ comments, happenings: [], day })).toEqual(['2026-01-01', 'a', '+b', 'note', 'lu', 'late']);
    const between = [happening('x', at('02'))];
    expect(short({ comments: comments.slice(0, 2), happenings: between, day })).toEqual(['2026-01-01', 'a', 'x', 'b']);
  });

  it('show what a comment did behind it', () => {
    const at = '2026-01-01T10:00:00Z';
    expect(short({ comments: [comment('a', at)], happenings: [happening('x', at)], day })[1]).toBe('a');
  });

  it('leave out what is said beside, and for customers what is not theirs', () => {
    expect(isTold(happening('x', '', 'ticket.resolved'), true)).toBe(false);
    expect(isTold(happening('x', '', 'ticket.status_changed'), true)).toBe(true);
    expect(isTold(happening('x', '', 'ticket.status_changed'), false)).toBe(true);
    expect(isTold(happening('x', '', 'ticket.assigned'), false)).toBe(false);
  });
});

describe('a comment that comes', () => {
  const pages = [
    { items: [comment('b', '2')], next_cursor: 'x' },
    { items: [comment('a', '1', { version: 3 })], next_cursor: null },
  ];
  const ids = (one: Comment) => `${one.id}${one.version}`;

  it('is the newest', () => {
    const after = placed(pages, comment('c', '3'), COMMENT);
    expect(after.map((page) => page.items.map(ids))).toEqual([['c1', 'b1'], ['a3']]);
  });

  it('takes the place of its older self, never of a newer one, and never stands twice', () => {
    expect(placed(pages, comment('b', '2', { version: 2 }), COMMENT).flatMap((page) => page.items.map(ids))).toEqual([
      'b2',
      'a3',
    ]);
    expect(placed(pages, comment('a', '1', { version: 2 }), COMMENT).flatMap((page) => page.items.map(ids))).toEqual([
      'b1',
      'a3',
    ]);
  });

  it('waits for its page where that is not loaded yet', () => {
    const first = pages.slice(0, 1);
    expect(placed(first, comment('a', '1', { version: 4 }), COMMENT)).toBe(first);
    expect(placed(first, comment('c', '3'), COMMENT)[0]?.items.map(ids)).toEqual(['c1', 'b1']);
  });
});
