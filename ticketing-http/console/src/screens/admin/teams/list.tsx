import { Users } from 'lucide-react';
import { useMe } from '../../../api/session';
import { useText } from '../../../text';
import { Empty } from '../../../ui/empty';
import { routingText } from '../../../ui/routing-text';
import { areaText } from '../areas';
import { useCalendars, useTeams } from '../data';
import { AreaHead } from '../area-head';
import { Listing } from '../listing';
import { Chip } from '../../../ui/chip';
import { whole } from '../../../api/paging';
import { adminText } from '../text';
import { teamText } from './text';

export function TeamList() {
  const words = useText(teamText);
  const admin = useText(adminText);
  const areas = useText(areaText);
  const routing = useText(routingText);
  const me = useMe();
  const calendars = useCalendars();
  const list = whole(useTeams());
  return (
    <>
      <AreaHead area="teams" about={words.about} {...(me.role === 'agent' ? {} : { newLabel: words.add })} />
      <Listing
        area="teams"
        label={areas.teams}
        list={list}
        idOf={(one) => one.id}
        nameTitle={words.name}
        name={(team) => team.name}
        isFaint={(team) => !team.is_active}
        columns={[
          { id: 'description', title: words.description, cell: (team) => <span dir="auto">{team.description}</span> },
          {
            id: 'calendar',
            title: words.calendar,
            cell: (team) =>
              team.calendar_id === null
                ? words.deskCalendar
                : calendars.data?.find((one) => one.id === team.calendar_id)?.name,
          },
          { id: 'routing', title: words.routing, cell: (team) => routing.routings[team.routing] },
          { id: 'capacity', title: words.capacity, cell: (team) => team.capacity, isNumber: true },
          { id: 'state', title: words.state, cell: (team) => !team.is_active && <Chip>{admin.inactive}</Chip> },
        ]}
        empty={
          <Empty title={words.noneTitle} icon={<Users size={22} />}>
            {words.none}
          </Empty>
        }
      />
    </>
  );
}
