/** Which tickets are chosen, and from where a range is drawn. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Where the last choice began. */
  readonly anchor: string | undefined;
}

export const NONE: Selection = { ids: new Set(), anchor: undefined };

export function toggled(selection: Selection, id: string): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id };
}

/** All from where the last choice began to here, beside what is chosen. */
export function extended(selection: Selection, to: string, order: readonly string[]): Selection {
  const end = order.indexOf(to);
  const start = selection.anchor === undefined ? end : order.indexOf(selection.anchor);
  if (end < 0) return selection;
  if (start < 0) return { ids: new Set([...selection.ids, to]), anchor: to };
  const range = order.slice(Math.min(start, end), Math.max(start, end) + 1);
  return { ids: new Set([...selection.ids, ...range]), anchor: selection.anchor ?? to };
}

/** One step of Shift with a key: it goes on, or takes back what it took in. */
export function stepped(selection: Selection, from: string, to: string, order: readonly string[]): Selection {
  const anchor = selection.anchor !== undefined && selection.ids.has(selection.anchor) ? selection.anchor : from;
  const [at, before, after] = [anchor, from, to].map((id) => order.indexOf(id)) as [number, number, number];
  const isBack = Math.abs(after - at) < Math.abs(before - at);
  const ids = new Set([...selection.ids, anchor]);
  if (isBack) ids.delete(from);
  else ids.add(to);
  return { ids, anchor };
}

/** Without what is not there any more. */
export function kept(selection: Selection, there: ReadonlySet<string>): Selection {
  const ids = [...selection.ids].filter((id) => there.has(id));
  return ids.length === selection.ids.size ? selection : { ids: new Set(ids), anchor: selection.anchor };
}
