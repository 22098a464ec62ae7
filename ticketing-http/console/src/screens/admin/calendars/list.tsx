import { CalendarDays } from 'lucide-react';
import { number } from '../../../format';
import { useText } from '../../../text';
import { Empty } from '../../../ui/empty';
import { areaText } from '../areas';
import { useCalendars } from '../data';
import { AreaHead } from '../area-head';
import { Listing } from '../listing';
import { Chip } from '../../../ui/chip';
import { whole } from '../../../api/paging';
import { worked } from './hours';
import { calendarText } from './text';

export function CalendarList() {
  const words = useText(calendarText);
  const areas = useText(areaText);
  const list = whole(useCalendars());
  return (
    <>
      <AreaHead area="calendars" about={words.about} newLabel={words.add} />
      <Listing
        area="calendars"
        label={areas.calendars}
        list={list}
        idOf={(one) => one.id}
        nameTitle={words.name}
        name={(calendar) => calendar.name}
        columns={[
          { id: 'zone', title: words.timeZone, cell: (calendar) => calendar.time_zone },
          {
            id: 'week',
            title: words.perWeek,
            isNumber: true,
            cell: (calendar) =>
              words.hours(
                number(worked(Object.values(calendar.weekly_hours).flat()) / 60, { maximumFractionDigits: 1 }),
              ),
          },
          { id: 'holidays', title: words.holidays, isNumber: true, cell: (calendar) => calendar.holidays.length },
          { id: 'periods', title: words.periods, isNumber: true, cell: (calendar) => calendar.periods.length },
          {
            id: 'default',
            title: words.default,
            cell: (calendar) => calendar.is_default && <Chip tone="accent">{words.default}</Chip>,
          },
        ]}
        empty={
          <Empty title={words.noneTitle} icon={<CalendarDays size={22} />}>
            {words.none}
          </Empty>
        }
      />
    </>
  );
}
