/** The outermost conditions of a view, which its `match` is about: those of a list, and of a group of which all must hold. */
import type { SavedView } from './views';

export function outermost(conditions: unknown): readonly unknown[] {
  if (Array.isArray(conditions)) return conditions;
  const all = typeof conditions === 'object' && conditions !== null && 'all' in conditions ? conditions.all : undefined;
  return Array.isArray(all) ? all : [conditions];
}

/** Whether any of them is enough. */
export function isAnyEnough({ conditions, match }: Pick<SavedView, 'conditions' | 'match'>): boolean {
  return match === 'any' && outermost(conditions).length > 1;
}
