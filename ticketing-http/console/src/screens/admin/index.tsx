import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMe } from '../../api/session';
import { NotFound } from '../../app/not-found';
import { useCommands } from '../../keys/commands';
import { defineText, useText } from '../../text';
import { AreaFrame, areaLink } from '../../ui/area-frame';
import { AREAS, areaText } from './areas';

const text = defineText({ title: 'Administration', own: 'Settings' }, { title: 'Verwaltung', own: 'Einstellungen' });

export default function Admin() {
  const me = useMe();
  const words = useText(text);
  const names = useText(areaText);
  const { area: id, id: one } = useParams({ strict: false });
  const navigate = useNavigate();
  const go = (area: string) => void navigate({ to: '/admin/$area', params: { area } });
  const areas = AREAS.filter(({ isForStaff = false }) => me.role === 'admin' || (isForStaff && me.role !== 'customer'));
  const title = me.role === 'admin' ? words.title : words.own;
  useCommands(
    areas.map((area) => ({
      id: `admin.${area.id}`,
      group: title,
      title: names[area.id],
      run: () => go(area.id),
    })),
  );
  const shown = areas.find((area) => area.id === (id ?? areas[0]?.id));
  if (areas.length === 0) return <NotFound />;
  return (
    <AreaFrame
      title={title}
      areas={areas}
      shown={shown}
      nameOf={(area) => names[area.id]}
      link={(area, current) => (
        <Link to="/admin/$area" params={{ area: area.id }} className={areaLink} aria-current={current}>
          {names[area.id]}
        </Link>
      )}
    >
      {(area) => <area.Screen key={area.id} id={one} />}
    </AreaFrame>
  );
}
