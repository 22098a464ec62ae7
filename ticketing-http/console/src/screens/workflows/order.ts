/** Moves rules and switches them; what is shown changes at once, and goes back where the server refuses. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ifVersion, ok } from '../../api/client';
import { Problem } from '../../api/problem';
import { toastError } from '../../ui/toast';
import { WORKFLOWS, workflowKey } from './data';
import type { WorkflowWire } from './model/draft';
import { moved, placements } from './model/order';

async function patch(rule: WorkflowWire, body: { position?: number; is_active?: boolean }): Promise<WorkflowWire> {
  const params = { path: { id: rule.id }, header: ifVersion(rule.version) };
  return ok(api.PATCH('/api/workflows/{id}', { params, body }));
}

/** Puts rules in place, in the list and by themselves. */
export function usePlace() {
  const queries = useQueryClient();
  return (...rules: WorkflowWire[]) => {
    const known = new Map(rules.map((rule) => [rule.id, rule]));
    queries.setQueryData<WorkflowWire[]>(WORKFLOWS, (list) => list?.map((rule) => known.get(rule.id) ?? rule));
    for (const rule of rules) queries.setQueryData<WorkflowWire>(workflowKey(rule.id), rule);
  };
}

export function useReorder() {
  const queries = useQueryClient();
  const place = usePlace();
  return useMutation({
    // One after another: two moves at once would not know of each other's places.
    scope: { id: 'workflow-order' },
    mutationFn: async ({ id, to }: { id: string; to: readonly string[] }) => {
      const list = queries.getQueryData<WorkflowWire[]>(WORKFLOWS) ?? [];
      const known = new Map(list.map((rule) => [rule.id, rule]));
      const wanted = to.flatMap((one) => known.get(one) ?? []);
      for (const { id: one, position } of placements(wanted, id)) {
        const rule = known.get(one);
        if (rule !== undefined) place(await patch(rule, { position }));
      }
    },
    onMutate: ({ to }) => {
      const before = queries.getQueryData<WorkflowWire[]>(WORKFLOWS);
      const known = new Map(before?.map((rule) => [rule.id, rule]));
      queries.setQueryData(
        WORKFLOWS,
        to.flatMap((one) => known.get(one) ?? []),
      );
      return before;
    },
    onError: (error, _move, before) => {
      queries.setQueryData(WORKFLOWS, before);
      if (error instanceof Problem && error.isStale) void queries.invalidateQueries({ queryKey: WORKFLOWS });
      toastError(error);
    },
  });
}

export function useSwitch() {
  const queries = useQueryClient();
  const place = usePlace();
  return useMutation({
    mutationFn: ({ rule, isActive }: { rule: WorkflowWire; isActive: boolean }) => patch(rule, { is_active: isActive }),
    onMutate: ({ rule, isActive }) => place({ ...rule, is_active: isActive }),
    onSuccess: (rule) => place(rule),
    onError: (error, { rule }) => {
      place(rule);
      if (error instanceof Problem && error.isStale) {
        void queries.invalidateQueries({ queryKey: WORKFLOWS });
        void queries.invalidateQueries({ queryKey: workflowKey(rule.id) });
      }
      toastError(error);
    },
  });
}

/** The list with one rule at another place. */
export function orderWith(list: readonly WorkflowWire[], id: string, to: number): string[] {
  const ids = list.map((rule) => rule.id);
  return moved(ids, ids.indexOf(id), Math.max(0, Math.min(to, ids.length - 1)));
}
