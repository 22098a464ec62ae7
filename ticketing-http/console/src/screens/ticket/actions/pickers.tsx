/** The fields that are changed most often, by a key and a few letters. */
import { CircleSlash, Users } from 'lucide-react';
import { useState } from 'react';
import { PRIORITIES, type Priority, type Status, type Ticket } from '../../../api/types';
import { defineText, useText } from '../../../text';
import { Avatar } from '../../../ui/avatar';
import { ticketText } from '../../../ui/badge';
import { Picker } from '../../../ui/picker';
import { mostUsed, useKnownTickets } from '../panel/known';
import { useStaffOptions, useTeamOptions } from '../panel/people-row';
import { nextStatuses } from '../panel/properties';
import { propertiesText } from '../panel/properties.text';
import { PriorityShape, StatusShape } from '../panel/shapes';
import { useChangeTicket } from '../use-change-ticket';

const text = defineText(
  {
    assign: 'Assign to …',
    status: 'Change the status …',
    priority: 'Change the priority …',
    labels: 'Add or remove labels …',
  },
  {
    assign: 'Zuweisen an …',
    status: 'Status ändern …',
    priority: 'Priorität ändern …',
    labels: 'Labels hinzufügen oder entfernen …',
  },
);

interface Props {
  ticket: Ticket;
  onClose: () => void;
}

export function AssignPicker({ ticket, onClose }: Props) {
  const words = useText(text);
  const names = useText(propertiesText);
  const change = useChangeTicket(ticket);
  const staff = useStaffOptions();
  const teams = useTeamOptions();
  return (
    <Picker
      title={words.assign}
      selected={[ticket.assigned_agent_id ?? 'nobody', ...(ticket.team_id === null ? [] : [`team ${ticket.team_id}`])]}
      options={[
        ...staff.map(({ id, user, detail }) => ({
          id,
          label: user.name,
          detail,
          icon: <Avatar name={user.name} size={20} availability={user.availability} />,
        })),
        { id: 'nobody', label: names.nobody, icon: <CircleSlash size={16} /> },
        ...teams.map((team) => ({
          id: `team ${team.id}`,
          label: team.name,
          detail: names.team,
          icon: <Users size={16} />,
        })),
      ]}
      onPick={(id) => {
        if (id.startsWith('team ')) void change({ team_id: id.slice(5) });
        else void change({ assigned_agent_id: id === 'nobody' ? null : id });
      }}
      onClose={onClose}
    />
  );
}

export function StatusPicker({ ticket, onClose }: Props) {
  const words = useText(text);
  const names = useText(ticketText);
  const change = useChangeTicket(ticket);
  return (
    <Picker
      title={words.status}
      selected={[ticket.status]}
      options={nextStatuses(ticket).map((id) => ({ id, label: names.status[id], icon: <StatusShape status={id} /> }))}
      onPick={(id) => void change({ status: id as Status })}
      onClose={onClose}
    />
  );
}

export function PriorityPicker({ ticket, onClose }: Props) {
  const words = useText(text);
  const names = useText(ticketText);
  const change = useChangeTicket(ticket);
  return (
    <Picker
      title={words.priority}
      selected={[ticket.priority]}
      options={PRIORITIES.toReversed().map((id) => ({
        id,
        label: names.priority[id],
        icon: <PriorityShape priority={id} />,
      }))}
      onPick={(id) => void change({ priority: id as Priority })}
      onClose={onClose}
    />
  );
}

export function LabelsPicker({ ticket, onClose }: Props) {
  const words = useText(text);
  const change = useChangeTicket(ticket);
  const known = useKnownTickets();
  // What stands on top does not move while one goes through the list.
  const [first] = useState(ticket.tags);
  const rest = mostUsed([...known().flatMap((one) => one.tags), ...ticket.tags]);
  const all = [...first, ...rest.filter((tag) => !first.some((one) => one.toLowerCase() === tag.toLowerCase()))];
  return (
    <Picker
      title={words.labels}
      isMultiple
      isOpenEnded
      selected={ticket.tags}
      options={all.map((tag) => ({ id: tag, label: tag }))}
      onPick={(tag) => {
        const has = ticket.tags.some((one) => one.toLowerCase() === tag.toLowerCase());
        const tags = has ? ticket.tags.filter((one) => one.toLowerCase() !== tag.toLowerCase()) : [...ticket.tags, tag];
        void change({ tags });
      }}
      onClose={onClose}
    />
  );
}
