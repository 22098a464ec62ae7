/** Who answers, and whose queue it is in: found by typing. */
import { Avatar } from '../../../ui/avatar';
import { Button } from '../../../ui/button';
import { ComboBox, type ComboGroup } from '../../../ui/combo-box';
import { CircleSlash, Users } from 'lucide-react';
import { use } from 'react';
import { useDirectory } from '../../../api/directory';
import { useMe } from '../../../api/session';
import type { Team, Ticket, User } from '../../../api/types';
import { useText } from '../../../text';
import { useChangeTicket } from '../use-change-ticket';
import { propertiesText } from './properties.text';
import { EditableRow, ReadOnly, emptyClass } from './row';

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);

/** Those who can be given a ticket: oneself first. */
export function useStaffOptions(): { id: string; user: User; detail: string | undefined }[] {
  const words = useText(propertiesText);
  const me = useMe();
  const { staff } = useDirectory();
  return [...staff.values()]
    .filter((user) => user.is_active)
    .sort((a, b) => Number(b.id === me.id) - Number(a.id === me.id) || byName(a, b))
    .map((user) => ({
      id: user.id,
      user,
      detail:
        user.id === me.id ? words.assignToMe : user.availability === 'online' ? undefined : words[user.availability],
    }));
}

export function useTeamOptions(): Team[] {
  const { teams } = useDirectory();
  return [...teams.values()].filter((team) => team.is_active).sort(byName);
}

export function AssigneeRow({ ticket }: { ticket: Ticket }) {
  const words = useText(propertiesText);
  const me = useMe();
  const { staff } = useDirectory();
  const change = useChangeTicket(ticket);
  const options = useStaffOptions();
  const isReadOnly = use(ReadOnly);
  const id = ticket.assigned_agent_id;
  const agent = id === null ? undefined : staff.get(id);
  const assign = (next: string | null) => void change({ assigned_agent_id: next });
  const groups: ComboGroup[] = [
    {
      options: options.map(({ id: key, user, detail }) => ({
        id: key,
        label: user.name,
        detail,
        icon: <Avatar name={user.name} size={20} availability={user.availability} />,
      })),
    },
    { options: [{ id: 'nobody', label: words.nobody, icon: <CircleSlash size={16} /> }] },
  ];
  return (
    <EditableRow
      label={words.assignee}
      aside={
        ticket.assigned_agent_id !== me.id && me.role !== 'customer' && !isReadOnly ? (
          <Button size="small" kind="quiet" onClick={() => assign(me.id)}>
            {words.takeIt}
          </Button>
        ) : undefined
      }
      control={(close) => (
        <ComboBox
          autoFocus
          label={words.findPerson}
          groups={groups}
          selected={id ?? 'nobody'}
          onLeave={close}
          onPick={(next) => {
            assign(next === 'nobody' ? null : next);
            close();
          }}
        />
      )}
    >
      {id === null ? (
        <span className={emptyClass}>{words.nobody}</span>
      ) : (
        <>
          <Avatar name={agent?.name ?? '?'} size={20} />
          <span dir="auto">{agent?.name ?? words.unknownPerson}</span>
        </>
      )}
    </EditableRow>
  );
}

export function TeamRow({ ticket }: { ticket: Ticket }) {
  const words = useText(propertiesText);
  const { teams } = useDirectory();
  const change = useChangeTicket(ticket);
  const options = useTeamOptions();
  const id = ticket.team_id;
  const groups: ComboGroup[] = [
    { options: options.map((team) => ({ id: team.id, label: team.name, icon: <Users size={16} /> })) },
    { options: [{ id: 'none', label: words.noTeam, icon: <CircleSlash size={16} /> }] },
  ];
  return (
    <EditableRow
      label={words.team}
      control={(close) => (
        <ComboBox
          autoFocus
          label={words.findTeam}
          groups={groups}
          selected={id ?? 'none'}
          onLeave={close}
          onPick={(next) => {
            void change({ team_id: next === 'none' ? null : next });
            close();
          }}
        />
      )}
    >
      {id === null ? (
        <span className={emptyClass}>{words.noTeam}</span>
      ) : (
        <span dir="auto">{teams.get(id)?.name ?? words.none}</span>
      )}
    </EditableRow>
  );
}
