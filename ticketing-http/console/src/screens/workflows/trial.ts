/** A draft as the server is to look at it: lint, tries and looks at the past. */
import { useEffect, useState } from 'react';
import { api, ok } from '../../api/client';
import { Problem } from '../../api/problem';
import type { Schemas } from '../../api/types';
import { faultText } from '../../ui/fault';
import { writeDraft, type Draft, type FieldError, type WorkflowWire } from './model/draft';
import { without } from './model/json';

export type TrialRule = Schemas['WorkflowTrial']['workflow'];

/** A draft takes the place of the saved rule by its name, so it is tried under that; and at that rule's place. */
export function trialOf(draft: Draft, saved: WorkflowWire | undefined): TrialRule {
  const wire = without(writeDraft(draft), 'note');
  // What the form has written is for the server to judge.
  return (saved === undefined ? wire : { ...wire, name: saved.name, position: saved.position }) as unknown as TrialRule;
}

/** What is wrong with a draft by the names of the rule itself. */
export function mistakesOf(error: unknown): FieldError[] {
  if (!(error instanceof Problem)) return [];
  return (error.body.errors ?? []).map((one) => ({
    field: one.field.replace(/^workflow\./, ''),
    message: faultText(one),
  }));
}

export interface Lint {
  warnings: readonly Schemas['LintWarning'][];
  errors: readonly FieldError[];
}

const PAUSE_MS = 1_200;

/** What is likely to be wrong with what is being written; asked after a pause, and only where it changed. */
export function useLint(draft: Draft, saved: WorkflowWire | undefined, isChanged: boolean): Lint | undefined {
  const [lint, setLint] = useState<Lint>();
  const wire = JSON.stringify(trialOf(draft, saved));
  useEffect(() => {
    if (!isChanged) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      const workflow = JSON.parse(wire) as TrialRule;
      ok(api.POST('/api/workflows/lint', { body: { workflow }, signal: abort.signal })).then(
        ({ warnings }) => setLint({ warnings, errors: [] }),
        (error: unknown) => {
          const errors = mistakesOf(error);
          if (errors.length > 0) setLint({ warnings: [], errors });
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [wire, isChanged]);
  return isChanged ? lint : undefined;
}

const ABOUT_CONDITIONS = ['unreachable', 'shadowed', 'no_conditions'];

/** Where a warning is shown: with the conditions or with the actions. */
export function placeOfWarning(code: string): 'conditions' | 'actions' {
  return ABOUT_CONDITIONS.includes(code) ? 'conditions' : 'actions';
}
