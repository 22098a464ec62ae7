/** What was written and not saved, kept by this browser. */
import { useEffect, useRef } from 'react';
import { readDraft, writeDraft, type Draft } from './model/draft';
import { isObject, type JsonObject } from './model/json';

export interface Kept {
  draft: Draft;
  /** The version that it began with; none for a new rule. */
  version: number | undefined;
  at: string;
}

const key = (id: string) => `workflow-draft:${id}`;

export function keptDraft(id: string): Kept | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key(id)) ?? 'null');
    if (!isObject(kept) || !isObject(kept['wire'])) return undefined;
    const { version, at } = kept;
    return {
      draft: readDraft(kept['wire']),
      version: typeof version === 'number' ? version : undefined,
      at: typeof at === 'string' ? at : '',
    };
  } catch {
    return undefined;
  }
}

export function forget(id: string): void {
  localStorage.removeItem(key(id));
}

export function keep(id: string, wire: JsonObject, version: number | undefined): void {
  try {
    localStorage.setItem(key(id), JSON.stringify({ wire, version: version ?? null, at: new Date().toISOString() }));
  } catch {
    // A full store is no reason to stop writing.
  }
}

/** Keeps a draft while it differs from what is saved; answers what forgets it, until it is changed again. */
export function useKeeping(id: string, draft: Draft, version: number | undefined, isChanged: boolean): () => void {
  const newest = useRef({ id, draft, version, isChanged });
  useEffect(() => {
    newest.current = { id, draft, version, isChanged };
    const timer = setTimeout(() => {
      if (newest.current.isChanged) keep(id, writeDraft(draft), version);
      else forget(id);
    }, 400);
    return () => clearTimeout(timer);
  }, [id, draft, version, isChanged]);
  useEffect(() => {
    const flush = () => {
      const now = newest.current;
      if (now.isChanged) keep(now.id, writeDraft(now.draft), now.version);
    };
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, []);
  return () => {
    // Else whoever goes from here would leave it behind.
    newest.current = { ...newest.current, isChanged: false };
    forget(id);
  };
}
