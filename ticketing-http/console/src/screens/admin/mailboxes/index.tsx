import { Link, useNavigate } from '@tanstack/react-router';
import { Inbox, Plus } from 'lucide-react';
import { useCommands } from '../../../keys/commands';
import { useText } from '../../../text';
import { ticketText } from '../../../ui/badge';
import { buttonClass } from '../../../ui/button';
import { Empty } from '../../../ui/empty';
import { AreaHead } from '../area-head';
import type { AreaProps } from '../areas';
import { Chip } from '../chip';
import { useTeams } from '../data';
import panels from '../panels.module.css';
import { Loaded, Rows, type Column } from '../rows';
import { useMailboxes } from './data';
import type { Mailbox } from './form';
import { NewMailbox, OneMailbox } from './one';
import { mailboxText } from './text';

export default function Mailboxes({ id }: AreaProps) {
  if (id === undefined) return <List />;
  return id === 'new' ? <NewMailbox /> : <OneMailbox key={id} id={id} />;
}

function List() {
  const words = useText(mailboxText);
  const tickets = useText(ticketText);
  const navigate = useNavigate();
  const mailboxes = useMailboxes();
  const teams = useTeams();
  const items = mailboxes.data?.items ?? [];
  useCommands([
    {
      id: 'mailbox.new',
      title: words.add,
      group: words.title,
      keys: ['n'],
      run: () => void navigate({ to: '/admin/$area/$id', params: { area: 'mailboxes', id: 'new' } }),
    },
  ]);
  const columns: Column<Mailbox>[] = [
    {
      id: 'name',
      label: words.name,
      isMain: true,
      of: (one) => (
        <>
          <Link to="/admin/$area/$id" params={{ area: 'mailboxes', id: one.id }} dir="auto">
            {one.name}
          </Link>
          <div className={panels.small} dir="ltr">
            {one.address}
          </div>
        </>
      ),
    },
    {
      id: 'state',
      label: words.state,
      isNarrow: true,
      of: (one) => (one.is_active ? <Chip tone="ok">{words.on}</Chip> : <Chip tone="off">{words.off}</Chip>),
    },
    {
      id: 'door',
      label: words.door,
      of: (one) => (one.imap === null ? words.brought : words.fetched(one.imap.host)),
    },
    {
      id: 'team',
      label: words.team,
      of: (one) =>
        one.team_id === null ? (
          words.noTeam
        ) : (
          <span dir="auto">{teams.data?.find((team) => team.id === one.team_id)?.name ?? '…'}</span>
        ),
    },
    { id: 'priority', label: words.priority, isNarrow: true, of: (one) => tickets.priority[one.priority] },
  ];
  const add = (
    <Link to="/admin/$area/$id" params={{ area: 'mailboxes', id: 'new' }} className={buttonClass('primary')}>
      <Plus size={16} />
      {words.add}
    </Link>
  );
  return (
    <>
      <AreaHead title={words.title} about={words.about}>
        {items.length > 0 && add}
      </AreaHead>
      <Loaded of={mailboxes}>
        {items.length === 0 ? (
          <Empty title={words.none} icon={<Inbox size={20} />} action={add}>
            {words.noneAbout}
          </Empty>
        ) : (
          <Rows label={words.title} columns={columns} rows={items} keyOf={(one) => one.id} />
        )}
      </Loaded>
    </>
  );
}
