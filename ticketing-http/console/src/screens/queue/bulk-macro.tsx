/** One macro for all chosen tickets: looked at on the first of them, then done to each on its own. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Zap } from 'lucide-react';
import { useRef, useState, type RefObject } from 'react';
import { api, ok } from '../../api/client';
import type { Ticket } from '../../api/types';
import { defineText, plural, useText } from '../../text';
import { Button } from '../../ui/button';
import { CheckField } from '../../ui/field';
import { Dialog } from '../../ui/dialog';
import { Skeleton } from '../../ui/skeleton';
import { reason, toast } from '../../ui/toast';
import { makeOnce } from '../../ui/use-once';
import { useMacros } from '../ticket/replies/data';
import { faultsOf } from '../ticket/replies/macro';
import styles from '../ticket/replies/macro.module.css';
import { Faults, MacroPreview, usePreview } from '../ticket/replies/macro-preview';
import { macroText } from '../ticket/replies/macro-text';
import type { Macro } from '../ticket/replies/slash';
import { MOST } from './changes';
import Choose from './choose';
import { changeText } from './text';
import { whyNot, type Refusal } from './use-change';

const text = defineText(
  {
    none: 'There is no macro of this name.',
    to: (n: number) => plural(n, { one: 'Apply to 1 ticket', other: `Apply to ${n} tickets` }),
    each: (n: number) =>
      `Each of the ${n} tickets is done on its own: where one can’t be, the others are all the same.`,
    allowMissing: 'Also where a ticket lacks something that the texts ask for',
    done: (name: string, n: number) =>
      plural(n, { one: `“${name}” was applied to 1 ticket`, other: `“${name}” was applied to ${n} tickets` }),
  },
  {
    none: 'Ein Makro dieses Namens gibt es nicht.',
    to: (n: number) => plural(n, { one: 'Auf 1 Ticket anwenden', other: `Auf ${n} Tickets anwenden` }),
    each: (n: number) =>
      `Jedes der ${n} Tickets wird für sich behandelt: Wo es nicht geht, geht es bei den anderen trotzdem.`,
    allowMissing: 'Auch wo einem Ticket etwas fehlt, was in den Texten vorkommt',
    done: (name: string, n: number) =>
      plural(n, {
        one: `„${name}“ wurde auf 1 Ticket angewendet`,
        other: `„${name}“ wurde auf ${n} Tickets angewendet`,
      }),
  },
);

interface Props {
  tickets: readonly Ticket[];
  triggerRef: RefObject<HTMLElement | null>;
  onDone: (count: number, refused: readonly Refusal[]) => void;
  onClose: () => void;
}

export default function BulkMacro({ tickets, triggerRef, onDone, onClose }: Props) {
  const words = useText(text);
  const changes = useText(changeText);
  const { data: macros } = useMacros();
  const [chosen, setChosen] = useState<Macro>();
  // The list closes as soon as one is chosen of it; what was chosen for is what stands here then.
  const isChosen = useRef(false);
  const [those] = useState(tickets);
  if (chosen !== undefined) return <Apply macro={chosen} tickets={those} onDone={onDone} onClose={onClose} />;
  return (
    <Choose
      label={changes.macro}
      placeholder={`${changes.macro}…`}
      none={words.none}
      options={(macros ?? []).map(({ id, name }) => ({ value: id, label: name, icon: <Zap size={16} /> }))}
      staysOpen
      triggerRef={triggerRef}
      onChoose={(id) => {
        isChosen.current = true;
        setChosen(macros?.find((one) => one.id === id));
      }}
      onClose={() => {
        if (!isChosen.current) onClose();
      }}
    />
  );
}

function Apply({ macro, tickets, onDone, onClose }: Omit<Props, 'triggerRef'> & { macro: Macro }) {
  const words = useText(text);
  const macros = useText(macroText);
  const queries = useQueryClient();
  const [first] = tickets;
  const [allowsMissing, setAllowsMissing] = useState(false);
  const { data: preview, error, refetch } = usePreview(first, macro.id);
  // Each hundred has a key of its own, so that to press again repeats none that was done.
  const [onces] = useState(() => new Map<number, ReturnType<typeof makeOnce>>());
  const apply = useMutation({
    mutationFn: async () => {
      const refused: Refusal[] = [];
      for (let at = 0; at < tickets.length; at += MOST) {
        const some = tickets.slice(at, at + MOST);
        const once = onces.get(at) ?? makeOnce();
        onces.set(at, once);
        const body = { tickets: some.map(({ id }) => id), macro_id: macro.id, allow_missing: allowsMissing };
        try {
          const { items } = await once(body, (header) =>
            ok(api.POST('/api/tickets/bulk', { params: { header }, body })),
          );
          some.forEach((ticket, place) => {
            if (items[place]?.ok !== true) refused.push({ ticket, why: whyNot(items[place]?.error) });
          });
        } catch (problem) {
          // Of a single lot nothing is done, and one tries again here.
          if (tickets.length <= MOST) throw problem;
          some.forEach((ticket) => refused.push({ ticket, why: reason(problem) }));
        }
      }
      return refused;
    },
    onSuccess: (refused) => {
      const count = tickets.length - refused.length;
      onClose();
      if (count > 0) toast(words.done(macro.name, count));
      // What they are now, the socket tells; without it they are asked for.
      void queries.invalidateQueries({ queryKey: ['tickets'] });
      onDone(count, refused);
    },
  });
  return (
    <Dialog
      title={macro.name}
      size="medium"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{macros.cancel}</Button>
          {error === null ? (
            <Button
              // Once there is something to say yes to, Enter does.
              key={preview === undefined ? 'to-come' : 'there'}
              kind="primary"
              autoFocus
              disabled={preview === undefined}
              busy={apply.isPending}
              onClick={() => apply.mutate()}
            >
              {words.to(tickets.length)}
            </Button>
          ) : (
            <Button kind="primary" onClick={() => void refetch()}>
              {macros.again}
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
      <p className={styles.about}>
        {tickets.length > 1 && words.each(tickets.length)} {first !== undefined && macros.on(first.ticket_number)}
      </p>
      {error !== null ? (
        <Faults title={macros.refused} faults={faultsOf(error)} steps={macro.actions} />
      ) : preview === undefined ? (
        <Skeleton lines={4} />
      ) : (
        <MacroPreview preview={preview} />
      )}
      <CheckField
        label={words.allowMissing}
        checked={allowsMissing}
        onChange={(event) => setAllowsMissing(event.target.checked)}
      />
      {apply.error !== null && <Faults title={macros.failed} faults={faultsOf(apply.error)} steps={macro.actions} />}
    </Dialog>
  );
}
