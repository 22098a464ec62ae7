/** Saves a rule; where somebody else was quicker, finds out who and what. */
import { useState } from 'react';
import { api, ifVersion, ok } from '../../api/client';
import { Problem } from '../../api/problem';
import type { Schemas } from '../../api/types';
import { toastError } from '../../ui/toast';
import { useOnce } from '../../ui/use-once';
import { writeDraft, type Draft, type FieldError, type WorkflowWire } from './model/draft';
import { mistakesOf } from './trial';

export interface StaleRule {
  rule: WorkflowWire;
  savedBy: string | null;
  changes: Schemas['WorkflowDiff']['changes'];
}

async function whatChanged(id: string, since: number): Promise<StaleRule> {
  const params = { path: { id } };
  const rule = await ok(api.GET('/api/workflows/{id}', { params }));
  const [at, diff] = await Promise.all([
    ok(api.GET('/api/workflows/{id}/versions/{version}', { params: { path: { id, version: rule.version } } })),
    ok(api.GET('/api/workflows/{id}/diff', { params: { ...params, query: { from: since, to: rule.version } } })),
  ]);
  return { rule, savedBy: at.saved_by, changes: diff.changes };
}

interface Then {
  onSaved: (rule: WorkflowWire, sent: Draft) => void;
  onMistakes: (mistakes: FieldError[]) => void;
}

export function useSave(base: WorkflowWire | undefined, version: number | undefined, then: Then) {
  const [isBusy, setBusy] = useState(false);
  const once = useOnce();
  const [stale, setStale] = useState<StaleRule>();
  const save = async (draft: Draft, over?: number) => {
    const wire = writeDraft(draft);
    try {
      // What the form has written is for the server to judge.
      const body = wire as unknown as Schemas['NewWorkflow'];
      const rule =
        base === undefined
          ? await once(body, (header) => ok(api.POST('/api/workflows', { params: { header }, body })))
          : await ok(
              api.PATCH('/api/workflows/{id}', {
                params: { path: { id: base.id }, header: ifVersion(over ?? version ?? base.version) },
                body: wire,
              }),
            );
      then.onSaved(rule, draft);
    } catch (error) {
      const mistakes = mistakesOf(error);
      if (mistakes.length > 0) then.onMistakes(mistakes);
      else if (base !== undefined && error instanceof Problem && error.isStale)
        setStale(await whatChanged(base.id, version ?? base.version));
      else throw error;
    }
  };
  const run = (draft: Draft, over?: number) => {
    if (isBusy) return;
    setBusy(true);
    save(draft, over)
      .catch(toastError)
      .finally(() => setBusy(false));
  };
  return { run, isBusy, stale, settle: () => setStale(undefined) };
}
