import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api, ifVersion, ok } from '../../../api/client';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { toast, toastError } from '../../../ui/toast';
import { AreaHead } from '../area-head';
import { Confirm } from '../confirm-loss';
import { useDraft } from '../draft';
import { Loaded } from '../rows';
import { useMailbox } from './data';
import { Editor } from './editor';
import { NEW, formOf, patchOf, type Mailbox } from './form';
import { mailboxText } from './text';

export function NewMailbox() {
  const words = useText(mailboxText);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const draft = useDraft({
    saved: NEW,
    version: 0,
    save: async ({ value, once }) => {
      const { version: _version, name = '', address = '', ...rest } = patchOf(value);
      const mailbox = await ok(
        api.POST('/api/mailboxes', { params: { header: once }, body: { ...rest, name, address } }),
      );
      queries.setQueryData(['mailboxes', 'one', mailbox.id], mailbox);
      void queries.invalidateQueries({ queryKey: ['mailboxes', 'list'] });
      toast(words.created);
      await navigate({ to: '/admin/$area', params: { area: 'mailboxes' } });
    },
  });
  return (
    <>
      <AreaHead title={words.add} back={{ area: 'mailboxes', label: words.back }} />
      <Editor draft={draft} isNew />
    </>
  );
}

export function OneMailbox({ id }: { id: string }) {
  const words = useText(mailboxText);
  const mailbox = useMailbox(id);
  return (
    <>
      {mailbox.data === undefined && <AreaHead title={words.title} back={{ area: 'mailboxes', label: words.back }} />}
      <Loaded of={mailbox}>
        {mailbox.data !== undefined && <Shown mailbox={mailbox.data} refresh={() => void mailbox.refetch()} />}
      </Loaded>
    </>
  );
}

function Shown({ mailbox, refresh }: { mailbox: Mailbox; refresh: () => void }) {
  const words = useText(mailboxText);
  const queries = useQueryClient();
  const [isRemoving, setRemoving] = useState(false);
  const draft = useDraft({
    saved: formOf(mailbox),
    version: mailbox.version,
    refresh,
    save: async ({ changes, version }) => {
      const answer = await ok(
        api.PATCH('/api/mailboxes/{id}', {
          params: { path: { id: mailbox.id }, header: ifVersion(version) },
          body: patchOf(changes),
        }),
      );
      queries.setQueryData(['mailboxes', 'one', mailbox.id], answer);
      void queries.invalidateQueries({ queryKey: ['mailboxes', 'list'] });
      toast(words.saved);
    },
  });
  return (
    <>
      <AreaHead title={mailbox.name} back={{ area: 'mailboxes', label: words.back }}>
        <Button icon={<Trash2 size={16} />} onClick={() => setRemoving(true)}>
          {words.remove}
        </Button>
      </AreaHead>
      <Editor draft={draft} isNew={false} />
      {isRemoving && <Remove mailbox={mailbox} onClose={() => setRemoving(false)} />}
    </>
  );
}

function Remove({ mailbox, onClose }: { mailbox: Mailbox; onClose: () => void }) {
  const words = useText(mailboxText);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () =>
      ok(
        api.DELETE('/api/mailboxes/{id}', {
          params: { path: { id: mailbox.id }, header: ifVersion(mailbox.version) },
        }),
      ),
    onSuccess: async () => {
      onClose();
      await navigate({ to: '/admin/$area', params: { area: 'mailboxes' } });
      toast(words.removed);
      queries.removeQueries({ queryKey: ['mailboxes', 'one', mailbox.id] });
      await queries.invalidateQueries({ queryKey: ['mailboxes', 'list'] });
    },
    onError: toastError,
  });
  return (
    <Confirm
      title={words.removeTitle}
      action={words.remove}
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>{words.removeBody}</p>
    </Confirm>
  );
}
