import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ifVersion, ok } from '../../api/client';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { toast, toastError } from '../../ui/toast';
import { WORKFLOWS } from './data';
import type { WorkflowWire } from './model/draft';
import { listText } from './text';

/** Asks before a rule is taken away, and offers a way back afterwards: its versions stay. */
export function DeleteRule({
  rule,
  onClose,
  onDone,
}: {
  rule: WorkflowWire;
  onClose: () => void;
  onDone?: () => void;
}) {
  const words = useText(listText);
  const queries = useQueryClient();
  const params = { path: { id: rule.id } };
  const refresh = () => queries.invalidateQueries({ queryKey: WORKFLOWS });
  const restore = async () => {
    // The way back is the version before this: taking it away was one, too.
    await ok(api.POST('/api/workflows/{id}/restore', { params, body: { version: rule.version } }));
    await refresh();
  };
  const remove = useMutation({
    mutationFn: () => ok(api.DELETE('/api/workflows/{id}', { params: { ...params, header: ifVersion(rule.version) } })),
    onSuccess: () => {
      queries.setQueryData<WorkflowWire[]>(WORKFLOWS, (list) => list?.filter((one) => one.id !== rule.id));
      toast(words.deleted(rule.name), { action: { label: words.undo, run: () => void restore().catch(toastError) } });
      onClose();
      onDone?.();
    },
    onError: toastError,
  });
  return (
    <Dialog
      title={words.deleteTitle(rule.name)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            {words.remove}
          </Button>
        </>
      }
    >
      {words.deleteBody}
    </Dialog>
  );
}
