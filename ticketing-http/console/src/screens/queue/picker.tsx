/** What to set of the chosen tickets: an agent, a team, a status, a priority, a tag. */
import type { RefObject } from 'react';
import { useDirectory } from '../../api/directory';
import { useMe } from '../../api/session';
import { PRIORITIES, STATUSES, type Priority, type Status, type Ticket } from '../../api/types';
import { defineText, useText } from '../../text';
import { Avatar } from '../../ui/avatar';
import { ticketText } from '../../ui/badge';
import type { Change } from './changes';
import Choose from './choose';
import type { Option } from './fields';
import { changeText, listText } from './text';

const text = defineText(
  {
    findTag: 'Find, or write a new one…',
    newTag: (tag: string) => `Add “${tag}”`,
    none: 'Nothing is called that.',
  },
  {
    findTag: 'Suchen oder neu schreiben …',
    newTag: (tag: string) => `„${tag}“ hinzufügen`,
    none: 'So heißt hier nichts.',
  },
);

export type Picked = 'assign' | 'team' | 'status' | 'priority' | 'addTag' | 'removeTag' | 'macro';

interface Props {
  what: Exclude<Picked, 'macro'>;
  tickets: readonly Ticket[];
  /** Those of the list, whose tags are offered. */
  rows: readonly Ticket[];
  triggerRef: RefObject<HTMLElement | null>;
  onPick: (change: Change) => void;
  onClose: () => void;
}

/** For what has no id. */
const NOBODY = 'none';

export default function Picker({ what, tickets, rows, triggerRef, onPick, onClose }: Props) {
  const me = useMe();
  const own = useText(text);
  const words = useText(changeText);
  const lists = useText(listText);
  const names = useText(ticketText);
  const { staff, teams } = useDirectory();
  const tags = (of: readonly Ticket[]): Option[] =>
    [...new Set(of.flatMap((ticket) => ticket.tags))]
      .sort((a, b) => a.localeCompare(b))
      .map((value) => ({ value, label: value }));
  const id = (value: string) => (value === NOBODY ? null : value);
  /** What all of them have already. */
  const shared = (of: (ticket: Ticket) => string | null) => {
    const values = new Set(tickets.map((ticket) => of(ticket) ?? NOBODY));
    return values.size === 1 ? values : new Set<string>();
  };
  const person = (name: string) => <Avatar name={name} size={18} />;

  const choices: Record<
    Exclude<Picked, 'macro'>,
    { label: string; options: () => Option[]; selected?: ReadonlySet<string>; change: (value: string) => Change }
  > = {
    assign: {
      label: words.assign,
      options: () => [
        { value: me.id, label: me.name, icon: person(me.name) },
        { value: NOBODY, label: lists.nobody },
        ...[...staff.values()]
          .filter((one) => one.is_active && one.id !== me.id)
          .map((one) => ({ value: one.id, label: one.name, icon: person(one.name) })),
      ],
      selected: shared((ticket) => ticket.assigned_agent_id),
      change: (value) => ({ assigned_agent_id: id(value) }),
    },
    team: {
      label: words.team,
      options: () => [
        { value: NOBODY, label: lists.noTeam },
        ...[...teams.values()].filter((team) => team.is_active).map(({ id, name }) => ({ value: id, label: name })),
      ],
      selected: shared((ticket) => ticket.team_id),
      change: (value) => ({ team_id: id(value) }),
    },
    status: {
      label: words.status,
      options: () => STATUSES.map((value) => ({ value, label: names.status[value] })),
      selected: shared((ticket) => ticket.status),
      change: (value) => ({ status: value as Status }),
    },
    priority: {
      label: words.priority,
      options: () => [...PRIORITIES].reverse().map((value) => ({ value, label: names.priority[value] })),
      selected: shared((ticket) => ticket.priority),
      change: (value) => ({ priority: value as Priority }),
    },
    addTag: { label: words.addTag, options: () => tags(rows), change: (value) => ({ addTag: value }) },
    removeTag: { label: words.removeTag, options: () => tags(tickets), change: (value) => ({ removeTag: value }) },
  };
  const { label, options, selected, change } = choices[what];
  return (
    <Choose
      label={label}
      placeholder={what === 'addTag' ? own.findTag : `${label}…`}
      none={own.none}
      options={options()}
      {...(selected === undefined ? {} : { selected })}
      asWritten={what === 'addTag' ? own.newTag : undefined}
      triggerRef={triggerRef}
      onChoose={(value) => onPick(change(value))}
      onClose={onClose}
    />
  );
}
