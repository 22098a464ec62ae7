/** Who one is, and how one wants things to be. */
import { Link, useParams } from '@tanstack/react-router';
import { defineText, useText } from '../../text';
import { AreaFrame, areaLink } from '../../ui/area-frame';
import { AREAS, areaText } from './areas';

const text = defineText({ title: 'Your account' }, { title: 'Ihr Konto' });

export default function Account() {
  const words = useText(text);
  const names = useText(areaText);
  const { area: id } = useParams({ strict: false });
  return (
    <AreaFrame
      title={words.title}
      areas={AREAS}
      shown={AREAS.find((area) => area.id === (id ?? 'profile'))}
      nameOf={(area) => names[area.id]}
      link={(area, current) => (
        <Link to="/me/$area" params={{ area: area.id }} className={areaLink} aria-current={current}>
          {names[area.id]}
        </Link>
      )}
    >
      {(area) => <area.Screen key={area.id} />}
    </AreaFrame>
  );
}
