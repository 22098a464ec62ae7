/** Keeps the list of what one was told true to what happens, without asking again. */
import type { InfiniteData } from '@tanstack/react-query';
import type { Notification, Page, Schemas } from '../../api/types';

export type Kind = Schemas['NotificationKind'];
export type Pages = InfiniteData<Page<Notification>>;

export interface View {
  isUnread: boolean;
  kinds: readonly Kind[];
}

const belongs = (view: View, one: Notification) =>
  (!view.isUnread || one.read_at === undefined) && (view.kinds.length === 0 || view.kinds.includes(one.kind));

/** The list with what was just told: something new on top, what was added to something where it stands. */
export function withTold(data: Pages | undefined, view: View, told: Notification): Pages | undefined {
  if (data === undefined) return data;
  if (data.pages.some((page) => page.items.some((one) => one.id === told.id))) {
    const pages = data.pages.map((page) => ({
      ...page,
      items: page.items.map((one) => (one.id === told.id ? told : one)),
    }));
    return { ...data, pages };
  }
  const [first, ...others] = data.pages;
  if (first === undefined) return data;
  return belongs(view, told) ? { ...data, pages: [{ ...first, items: [told, ...first.items] }, ...others] } : data;
}

/**
 * The list with some of it read. What was unread when one began to look stays where it stands: a list that loses rows
 * under one's hands is hard to read.
 */
export function withRead(
  data: Pages | undefined,
  isRead: (one: Notification) => boolean,
  at: string,
): Pages | undefined {
  if (data === undefined) return data;
  const pages = data.pages.map((page) => ({
    ...page,
    items: page.items.map((one) => (one.read_at === undefined && isRead(one) ? { ...one, read_at: at } : one)),
  }));
  return { ...data, pages };
}

/** Under each day in the reader's zone what was told on it; the order stays. */
export function byDay(
  items: readonly Notification[],
  dayOf: (at: string) => string,
): { day: string; items: Notification[] }[] {
  const days: { day: string; items: Notification[] }[] = [];
  for (const one of items) {
    const day = dayOf(one.created_at);
    const last = days.at(-1);
    if (last?.day === day) last.items.push(one);
    else days.push({ day, items: [one] });
  }
  return days;
}
