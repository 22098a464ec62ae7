/** What other tickets this one has to do with. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { use, useRef, useState } from 'react';
import { api, ok, once } from '../../../api/client';
import type { Page, Schemas, Ticket } from '../../../api/types';
import { defineText, useText } from '../../../text';
import { Button } from '../../../ui/button';
import { SelectField } from '../../../ui/field';
import { toastError } from '../../../ui/toast';
import styles from './links.module.css';
import { Load } from './load';
import { ReadOnly } from './row';
import { TicketFinder } from './ticket-finder';
import { TicketLink } from './ticket-list';

const text = defineText(
  {
    outward: { relates: 'Relates to', blocks: 'Blocks', duplicates: 'Duplicates', parent: 'Is the parent of' },
    inward: { relates: 'Relates to', blocks: 'Is blocked by', duplicates: 'Is duplicated by', parent: 'Belongs to' },
    none: 'Linked to no other ticket.',
    add: 'Link a ticket',
    type: 'This ticket',
    find: 'The other ticket',
    remove: (number: string) => `Unlink ${number}`,
    cancel: 'Cancel',
  },
  {
    outward: { relates: 'Hängt zusammen mit', blocks: 'Blockiert', duplicates: 'Ist doppelt zu', parent: 'Umfasst' },
    inward: {
      relates: 'Hängt zusammen mit',
      blocks: 'Wird blockiert von',
      duplicates: 'Kommt doppelt vor als',
      parent: 'Gehört zu',
    },
    none: 'Mit keinem anderen Ticket verknüpft.',
    add: 'Ticket verknüpfen',
    type: 'Dieses Ticket',
    find: 'Das andere Ticket',
    remove: (number: string) => `Verknüpfung mit ${number} lösen`,
    cancel: 'Abbrechen',
  },
);

type TicketTie = Schemas['Link'];
type Kind = Schemas['LinkKind'];

/** What is offered: a kind, and whether this ticket is the first of the two. */
const KINDS = [
  ['relates', 'outward'],
  ['blocks', 'outward'],
  ['blocks', 'inward'],
  ['duplicates', 'outward'],
  ['parent', 'outward'],
  ['parent', 'inward'],
] as const satisfies [Kind, 'outward' | 'inward'][];

export function linksKey(ticketNumber: string): readonly string[] {
  return ['ticket', ticketNumber, 'links'];
}

export function useLinks(ticket: Ticket) {
  return useQuery({
    queryKey: linksKey(ticket.ticket_number),
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/tickets/{ticket}/links', {
          params: { path: { ticket: ticket.id }, query: { limit: 100 } },
          signal,
        }),
      ),
  });
}

export function Links({ ticket }: { ticket: Ticket }) {
  const words = useText(text);
  const queries = useQueryClient();
  const isReadOnly = use(ReadOnly);
  const links = useLinks(ticket);
  const [isAdding, setAdding] = useState(false);
  const add = useRef<HTMLButtonElement>(null);
  const key = linksKey(ticket.ticket_number);

  const remove = useMutation({
    mutationFn: (link: TicketTie) =>
      ok(api.DELETE('/api/tickets/{ticket}/links/{id}', { params: { path: { ticket: ticket.id, id: link.id } } })),
    onMutate: (link) => {
      const before = queries.getQueryData<Page<TicketTie>>(key);
      queries.setQueryData<Page<TicketTie>>(
        key,
        (old) => old && { ...old, items: old.items.filter((one) => one.id !== link.id) },
      );
      add.current?.focus();
      return before;
    },
    onError: (error, _, before) => {
      queries.setQueryData(key, before);
      toastError(error);
    },
    onSuccess: (_, link) => queries.invalidateQueries({ queryKey: linksKey(link.ticket.ticket_number) }),
  });

  return (
    <Load query={links}>
      {({ items }) => {
        const groups = new Map<string, TicketTie[]>();
        for (const link of items) {
          const side = link.direction === 'inward' ? 'inward' : 'outward';
          const name = words[side][link.type];
          groups.set(name, [...(groups.get(name) ?? []), link]);
        }
        return (
          <>
            {items.length === 0 && !isAdding && <p className={styles.none}>{words.none}</p>}
            {[...groups].map(([name, group]) => (
              <div key={name}>
                <h3 className={styles.heading}>{name}</h3>
                <ul>
                  {group.map((link) => (
                    <li key={link.id} className={styles.link}>
                      <TicketLink ticket={link.ticket} />
                      {!isReadOnly && (
                        <Button
                          size="small"
                          label={words.remove(link.ticket.ticket_number)}
                          icon={<X size={14} />}
                          onClick={() => remove.mutate(link)}
                        />
                      )}
                    </li>
                  ))}
                </ul>
              </div>
            ))}
            {!isReadOnly &&
              (isAdding ? (
                <NewLink
                  ticket={ticket}
                  without={items.map((link) => link.ticket.id)}
                  onDone={() => {
                    setAdding(false);
                    setTimeout(() => add.current?.focus(), 0);
                  }}
                />
              ) : (
                <Button
                  ref={add}
                  size="small"
                  kind="quiet"
                  className={styles.add}
                  icon={<Plus size={14} />}
                  onClick={() => setAdding(true)}
                >
                  {words.add}
                </Button>
              ))}
          </>
        );
      }}
    </Load>
  );
}

function NewLink({ ticket, without, onDone }: { ticket: Ticket; without: readonly string[]; onDone: () => void }) {
  const words = useText(text);
  const queries = useQueryClient();
  const [kind, setKind] = useState(0);
  const make = useMutation({
    mutationFn: (other: Ticket) => {
      const [type, side] = KINDS[kind] ?? KINDS[0];
      const [from, to] = side === 'outward' ? [ticket, other] : [other, ticket];
      return ok(
        api.POST('/api/tickets/{ticket}/links', {
          params: { path: { ticket: from.id }, header: once() },
          body: { ticket: to.id, type },
        }),
      );
    },
    onSuccess: async (_, other) => {
      onDone();
      await Promise.all(
        [ticket, other].map((one) => queries.invalidateQueries({ queryKey: linksKey(one.ticket_number) })),
      );
    },
    onError: toastError,
  });
  return (
    <div className={styles.new}>
      <SelectField
        label={words.type}
        isLabelHidden
        className={styles.kind}
        value={kind}
        onChange={(event) => setKind(Number(event.target.value))}
      >
        {KINDS.map(([type, side], at) => (
          <option key={`${type}-${side}`} value={at}>
            {words[side][type]}
          </option>
        ))}
      </SelectField>
      <TicketFinder
        autoFocus
        ticket={ticket}
        label={words.find}
        without={without}
        onPick={(other) => make.mutate(other)}
      />
      <Button size="small" kind="quiet" busy={make.isPending} onClick={onDone}>
        {words.cancel}
      </Button>
    </div>
  );
}
