import { Inbox } from 'lucide-react';
import { whole } from '../../../api/paging';
import { useText } from '../../../text';
import { ticketText } from '../../../ui/badge';
import { Chip } from '../../../ui/chip';
import { Empty } from '../../../ui/empty';
import { AreaHead } from '../area-head';
import { areaText } from '../areas';
import { useTeams } from '../data';
import { Listing } from '../listing';
import { useMailboxes } from './data';
import { mailboxText } from './text';

export function MailboxList() {
  const words = useText(mailboxText);
  const areas = useText(areaText);
  const tickets = useText(ticketText);
  const list = whole(useMailboxes());
  const teams = useTeams();
  return (
    <>
      <AreaHead area="mailboxes" about={words.about} newLabel={words.add} />
      <Listing
        area="mailboxes"
        label={areas.mailboxes}
        list={list}
        idOf={(one) => one.id}
        nameTitle={words.name}
        name={(one) => one.name}
        belowName={(one) => <span dir="ltr">{one.address}</span>}
        columns={[
          {
            id: 'state',
            title: words.state,
            isNarrow: true,
            cell: (one) => (one.is_active ? <Chip tone="ok">{words.on}</Chip> : <Chip tone="off">{words.off}</Chip>),
          },
          {
            id: 'door',
            title: words.door,
            cell: (one) => (one.imap === null ? words.brought : words.fetched(one.imap.host)),
          },
          {
            id: 'team',
            title: words.team,
            cell: (one) =>
              one.team_id === null ? (
                words.noTeam
              ) : (
                <span dir="auto">{teams.data?.find((team) => team.id === one.team_id)?.name ?? '…'}</span>
              ),
          },
          { id: 'priority', title: words.priority, isNarrow: true, cell: (one) => tickets.priority[one.priority] },
        ]}
        empty={
          <Empty title={words.none} icon={<Inbox size={22} />}>
            {words.noneAbout}
          </Empty>
        }
      />
    </>
  );
}
