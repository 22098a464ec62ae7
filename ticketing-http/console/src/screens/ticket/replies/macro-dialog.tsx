/** A macro on a ticket: chosen, looked at, and done whole or not at all. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, ifVersion, ok } from '../../../api/client';
import { Problem } from '../../../api/problem';
import type { Ticket } from '../../../api/types';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { Loaded } from '../../../ui/loaded';
import { Picker } from '../../../ui/picker';
import { Skeleton } from '../../../ui/skeleton';
import { toast } from '../../../ui/toast';
import { useOnce } from '../../../ui/use-once';
import { ticketKey } from '../place';
import { changeTicket, newest, showTicket } from '../use-change-ticket';
import { useMacros } from './data';
import { faultsOf, refusedIn, wayBack, type Preview } from './macro';
import styles from './macro.module.css';
import { Faults, MacroPreview, usePreview } from './macro-preview';
import { macroText } from './macro-text';
import type { Macro } from './slash';

interface Props {
  ticket: Ticket;
  /** The one that is chosen already. */
  id: string | undefined;
  onClose: () => void;
}

export default function MacroDialog({ ticket, id, onClose }: Props) {
  const all = useMacros();
  const macros = all.data;
  const words = useText(macroText);
  const [chosen, setChosen] = useState(id);
  // The list closes as soon as one is chosen of it.
  const isChosen = useRef(false);
  const macro = macros?.find((one) => one.id === chosen);
  if (macros === undefined) {
    // They are there in a moment, as a rule.
    if (all.error === null) return null;
    return (
      <Dialog title={words.pick} onClose={onClose}>
        <Loaded of={all}>{() => null}</Loaded>
      </Dialog>
    );
  }
  if (macro !== undefined) return <Apply ticket={ticket} macro={macro} onClose={onClose} />;
  return (
    <Picker
      title={words.pick}
      selected={[]}
      options={macros.map(({ id: one, name, description, shortcut }) => ({
        id: one,
        label: name,
        detail: [shortcut === null ? '' : `/${shortcut}`, description ?? ''].filter(Boolean).join(' · ') || undefined,
      }))}
      onPick={(one) => {
        isChosen.current = true;
        setChosen(one);
      }}
      onClose={() => {
        if (!isChosen.current) onClose();
      }}
    />
  );
}

function Apply({ ticket, macro, onClose }: { ticket: Ticket; macro: Macro; onClose: () => void }) {
  const words = useText(macroText);
  const queries = useQueryClient();
  const once = useOnce();
  const [isOvertaken, setOvertaken] = useState(false);
  const { data: preview, error, refetch } = usePreview(ticket, macro.id);
  const apply = useMutation({
    mutationFn: (seen: Preview) => {
      const body = { allow_missing: seen.missing.length > 0 };
      const path = { ticket: ticket.id, id: macro.id };
      return once({ ...body, version: ticket.version }, (header) =>
        ok(
          api.POST('/api/tickets/{ticket}/macros/{id}', {
            params: { path, header: { ...header, ...ifVersion(ticket.version) } },
            body,
          }),
        ),
      );
    },
    onSuccess: (after, seen) => {
      showTicket(queries, after);
      onClose();
      const back = wayBack(seen, ticket);
      const now = () => queries.getQueryData<Ticket>(ticketKey(ticket.ticket_number)) ?? after;
      const undo = back && {
        label: words.undo,
        run: () => void changeTicket(queries, now(), back),
      };
      toast(words.applied(macro.name, ticket.ticket_number), undo === undefined ? {} : { action: undo });
    },
    onError: async (problem) => {
      if (!(problem instanceof Problem) || !problem.isStale) return;
      // What was looked at is not what would be done: one looks again.
      setOvertaken(true);
      showTicket(queries, await newest(ticket));
    },
  });
  const isStale = apply.error instanceof Problem && apply.error.isStale;
  const isRefused = preview !== undefined && refusedIn(preview).length > 0;
  const isMissing = preview !== undefined && preview.missing.length > 0;
  return (
    <Dialog
      title={macro.name}
      size="medium"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          {error === null ? (
            <Button
              // Once there is something to say yes to, Enter does.
              key={preview === undefined ? 'to-come' : 'there'}
              kind="primary"
              autoFocus
              disabled={preview === undefined || isRefused}
              busy={apply.isPending}
              onClick={() => preview !== undefined && apply.mutate(preview)}
            >
              {isMissing ? words.applyAnyway : words.apply}
            </Button>
          ) : (
            <Button kind="primary" onClick={() => void refetch()}>
              {words.again}
            </Button>
          )}
        </>
      }
    >
      {macro.description !== null && (
        <p className={styles.about} dir="auto">
          {macro.description}
        </p>
      )}
      <p role="status">{isOvertaken && words.changed}</p>
      {error !== null ? (
        <Faults title={words.refused} faults={faultsOf(error)} steps={macro.actions} />
      ) : preview === undefined ? (
        <Skeleton lines={4} />
      ) : (
        <MacroPreview preview={preview} />
      )}
      {apply.error !== null && !isStale && (
        <Faults title={words.failed} faults={faultsOf(apply.error)} steps={macro.actions} />
      )}
    </Dialog>
  );
}
