/** One macro for all chosen tickets: looked at on the first of them, then done to each on its own. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Zap } from 'lucide-react';
import { useRef, useState, type RefObject } from 'react';
import { api, ok } from '../../api/client';
import { Problem } from '../../api/problem';
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
    loading: 'Loading the macros …',
    unclear: 'Nothing was heard of whether it was applied.',
    goOn: 'Nothing was heard of some of them. To try again goes on, and repeats nothing that was done:',
    to: (n: number) => plural(n, { one: 'Apply to 1 ticket', other: `Apply to ${n} tickets` }),
    each: (n: number) =>
      `Each of the ${n} tickets is done on its own: where one can’t be, the others are all the same.`,
    allowMissing: 'Also where a ticket lacks something that the texts ask for',
    done: (name: string, n: number) =>
      plural(n, { one: `“${name}” was applied to 1 ticket`, other: `“${name}” was applied to ${n} tickets` }),
  },
  {
    none: 'Ein Makro dieses Namens gibt es nicht.',
    loading: 'Makros werden geladen …',
    unclear: 'Ob es angewendet wurde, war nicht zu erfahren.',
    goOn: 'Von einigen war nichts zu erfahren. Noch ein Versuch macht weiter und wiederholt nichts, was getan ist:',
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
  const { data: macros, error } = useMacros();
  const [chosen, setChosen] = useState<Macro>();
  // The list closes as soon as one is chosen of it; what was chosen for is what stands here then.
  const isChosen = useRef(false);
  const [those] = useState(tickets);
  if (chosen !== undefined) return <Apply macro={chosen} tickets={those} onDone={onDone} onClose={onClose} />;
  return (
    <Choose
      label={changes.macro}
      placeholder={`${changes.macro}…`}
      none={macros !== undefined ? words.none : error === null ? words.loading : reason(error)}
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

/** Tickets that are sent together, and which of them were refused once that is known. */
interface Lot {
  tickets: readonly Ticket[];
  once: ReturnType<typeof makeOnce>;
  refused?: readonly Refusal[];
}

function lotsOf(tickets: readonly Ticket[]): Lot[] {
  const lots: Lot[] = [];
  for (let at = 0; at < tickets.length; at += MOST)
    lots.push({ tickets: tickets.slice(at, at + MOST), once: makeOnce() });
  return lots;
}

/** Whether it may be done all the same: no answer came, or none that says what became of it. */
const mayBeDone = (error: unknown) => error instanceof Problem && (error.status === 0 || error.status >= 500);

function Apply({ macro, tickets, onDone, onClose }: Omit<Props, 'triggerRef'> & { macro: Macro }) {
  const words = useText(text);
  const macros = useText(macroText);
  const queries = useQueryClient();
  const [first] = tickets;
  const [allowsMissing, setAllowsMissing] = useState(false);
  const { data: preview, error, refetch } = usePreview(first, macro.id);
  // Each hundred has a key of its own, and is done once: to press again repeats none of it.
  const [lots] = useState(() => lotsOf(tickets));
  const [isUnclear, setUnclear] = useState(false);
  const apply = useMutation({
    mutationFn: async () => {
      let unclear: unknown;
      for (const lot of lots) {
        if (lot.refused !== undefined) continue;
        const body = { tickets: lot.tickets.map(({ id }) => id), macro_id: macro.id, allow_missing: allowsMissing };
        try {
          const { items } = await lot.once(body, (header) =>
            ok(api.POST('/api/tickets/bulk', { params: { header }, body })),
          );
          lot.refused = lot.tickets.flatMap((ticket, place) =>
            items[place]?.ok === true ? [] : [{ ticket, why: whyNot(items[place]?.error) }],
          );
        } catch (problem) {
          if (mayBeDone(problem)) unclear = problem;
          // Of a single lot nothing is done, and one tries again here.
          else if (tickets.length <= MOST) throw problem;
          else lot.refused = lot.tickets.map((ticket) => ({ ticket, why: reason(problem) }));
        }
      }
      setUnclear(unclear !== undefined);
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      if (unclear !== undefined) throw unclear;
    },
    onSuccess: () => leave(),
  });
  /** Tells what became of each; of what nothing was heard of, that it may be done. */
  const leave = () => {
    const refused = lots.flatMap((lot) => lot.refused ?? lot.tickets.map((ticket) => ({ ticket, why: words.unclear })));
    const count = tickets.length - refused.length;
    onClose();
    if (count > 0) toast(words.done(macro.name, count));
    // What they are now, the socket tells; without it they are asked for.
    void queries.invalidateQueries({ queryKey: ['tickets'] });
    onDone(count, refused);
  };
  const close = isUnclear && !apply.isPending ? leave : onClose;
  return (
    <Dialog
      title={macro.name}
      size="medium"
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{macros.cancel}</Button>
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
              {isUnclear ? macros.again : words.to(tickets.length)}
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
        // What may be done already is only not repeated where it is asked for as it was.
        disabled={isUnclear || apply.isPending}
        onChange={(event) => setAllowsMissing(event.target.checked)}
      />
      {apply.error !== null && (
        <Faults title={isUnclear ? words.goOn : macros.failed} faults={faultsOf(apply.error)} steps={macro.actions} />
      )}
    </Dialog>
  );
}
