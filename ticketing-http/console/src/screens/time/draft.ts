/** What is said of time in a form, and what of it is sent. */
import type { Schemas } from '../../api/types';
import { isoDate } from '../../format';
import { amountDigits, readAmount, toHours, toHundredths } from './amount';
import { addDays, clockAt, momentAt, today } from './days';

export type Entry = Schemas['TimeEntry'];

export interface Draft {
  /** How much is said, or from when to when. */
  says: 'amount' | 'ends';
  day: string;
  /** As it was typed. */
  hours: string;
  /** `09:30`, as both of the next; what ends before it began ended on the next day. */
  started_at: string;
  ended_at: string;
  description: string;
  billable: boolean;
}

/** The moment at which an entry counts. */
export const countsAt = ({ started_at, created_at }: Pick<Entry, 'started_at' | 'created_at'>): string =>
  started_at ?? created_at;

/** What a form begins with. */
export function readEntry(entry: Entry): Draft {
  const { started_at, ended_at } = entry;
  return {
    says: started_at !== null && ended_at !== null ? 'ends' : 'amount',
    day: isoDate(countsAt(entry)),
    hours: amountDigits(toHundredths(entry.hours)),
    started_at: started_at === null ? '' : clockAt(started_at),
    ended_at: ended_at === null ? '' : clockAt(ended_at),
    description: entry.description ?? '',
    billable: entry.billable,
  };
}

export function emptyDraft(day: string, billable: boolean): Draft {
  return { says: 'amount', day, hours: '', started_at: '', ended_at: '', description: '', billable };
}

interface Body {
  hours?: number;
  started_at: string | null;
  ended_at: string | null;
  description: string | null;
  billable: boolean;
}

/** Time without ends that was spent on another day has to have begun on it: at noon, which is that day in most zones. */
const NOON = '12:00';

export function startOn(day: string): string | null {
  return day === today() ? null : momentAt(day, NOON);
}

/** New time of today counts when it is logged; what is there counts elsewhere, unless it is said to have begun today. */
const nowFor = (before: Entry | undefined) => (before === undefined ? null : new Date().toISOString());

/** Whether both ends are as they were: those of a timer can be within one minute, or a whole day apart. */
export function hasSameEnds(draft: Draft, before: Draft): boolean {
  return (
    before.says === 'ends' &&
    draft.day === before.day &&
    draft.started_at === before.started_at &&
    draft.ended_at === before.ended_at
  );
}

/** What is sent of a draft that can be read; `before` is what it was made of. */
export function writeDraft(draft: Draft, before?: Entry): Body {
  const rest = {
    description: draft.description.trim() === '' ? null : draft.description.trim(),
    billable: draft.billable,
  };
  const was = before === undefined ? undefined : readEntry(before);
  if (draft.says === 'ends') {
    const lastDay = draft.ended_at <= draft.started_at ? addDays(draft.day, 1) : draft.day;
    const isStart = was?.says === 'ends' && was.day === draft.day && was.started_at === draft.started_at;
    const isEnd = was !== undefined && hasSameEnds(draft, was);
    // The seconds of an end that nobody touched stay.
    return {
      started_at: isStart ? (before?.started_at ?? null) : momentAt(draft.day, draft.started_at),
      ended_at: isEnd ? (before?.ended_at ?? null) : momentAt(lastDay, draft.ended_at),
      ...rest,
    };
  }
  return {
    hours: toHours(readAmount(draft.hours) ?? 0),
    started_at: was?.day === draft.day ? (before?.started_at ?? null) : (startOn(draft.day) ?? nowFor(before)),
    ended_at: null,
    ...rest,
  };
}
