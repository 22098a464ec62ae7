/** How somebody likes lists to look; kept in this browser. */
import { useSyncExternalStore } from 'react';
import { COLUMNS, USUAL, type ColumnId } from './columns';

export interface Prefs {
  density: 'compact' | 'comfortable';
  columns: readonly ColumnId[];
}

const STORE = 'queue';
const listeners = new Set<() => void>();
let prefs = read();

function read(): Prefs {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) ?? '{}') as Partial<Record<keyof Prefs, unknown>>;
    const columns = Array.isArray(kept.columns) ? (kept.columns as unknown[]) : USUAL;
    return {
      density: kept.density === 'compact' ? 'compact' : 'comfortable',
      columns: COLUMNS.map((column) => column.id).filter((id) => columns.includes(id)),
    };
  } catch {
    return { density: 'comfortable', columns: USUAL };
  }
}

export function setPrefs(change: Partial<Prefs>): void {
  prefs = { ...prefs, ...change };
  localStorage.setItem(STORE, JSON.stringify(prefs));
  for (const listener of [...listeners]) listener();
}

export function usePrefs(): Prefs {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => prefs,
  );
}
