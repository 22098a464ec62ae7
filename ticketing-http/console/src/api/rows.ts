/** All rows, each once: one that changed while the list was read may stand on two pages. */
export function rowsOf<T extends { id: string }>(pages: readonly { items: readonly T[] }[]): T[] {
  const rows = new Map<string, T>();
  for (const page of pages) for (const row of page.items) if (!rows.has(row.id)) rows.set(row.id, row);
  return [...rows.values()];
}
