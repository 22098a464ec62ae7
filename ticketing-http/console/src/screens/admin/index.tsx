import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMe } from '../../api/session';
import { NotFound } from '../../app/not-found';
import { useCommands } from '../../keys/commands';
import { defineText, useText } from '../../text';
import { AreaFrame, areaLink } from '../../ui/area-frame';
import { AREAS, areaText } from './areas';

const text = defineText({ title: 'Administration' }, { title: 'Verwaltung' });

export default function Admin() {
  const me = useMe();
  const words = useText(text);
  const names = useText(areaText);
  const { area: id, id: one } = useParams({ strict: false });
  const navigate = useNavigate();
  const go = (area: string) => void navigate({ to: '/admin/$area', params: { area } });
  const areas = AREAS.filter(({ others = [] }) => me.role === 'admin' || others.includes(me.role));
  useCommands(
    areas.map((area) => ({
      id: `admin.${area.id}`,
      group: words.title,
      title: names[area.id],
      run: () => go(area.id),
    })),
  );
  const [first] = areas;
  if (first === undefined) return <NotFound />;
  return (
    <AreaFrame
      title={me.role === 'admin' ? words.title : names[first.id]}
      areas={areas}
      shown={areas.find((area) => area.id === (id ?? first.id))}
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
