/** Who one is, and how one wants things to be. */
import { Link, useParams } from '@tanstack/react-router';
import { Suspense } from 'react';
import { useTitle } from '../../app/desk';
import { NotFound } from '../../app/not-found';
import { defineText, useText } from '../../text';
import { Skeleton } from '../../ui/skeleton';
import frame from '../admin/admin.module.css';
import { AREAS, areaText } from './areas';

const text = defineText({ title: 'Your account' }, { title: 'Ihr Konto' });

export default function Account() {
  const words = useText(text);
  const names = useText(areaText);
  const { area: id } = useParams({ strict: false });
  const area = AREAS.find((one) => one.id === (id ?? 'profile'));
  useTitle(area === undefined ? undefined : names[area.id]);
  if (area === undefined) return <NotFound />;
  return (
    <div className={frame.frame}>
      <nav className={frame.nav} aria-label={words.title}>
        <h1 className={frame.title}>{words.title}</h1>
        <ul className={frame.list}>
          {AREAS.map((other) => (
            <li key={other.id}>
              <Link
                to="/me/$area"
                params={{ area: other.id }}
                className={frame.item}
                aria-current={other === area ? 'page' : undefined}
              >
                {names[other.id]}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <section className={frame.content} aria-label={names[area.id]}>
        <Suspense fallback={<Skeleton lines={6} />}>
          <area.Screen key={area.id} />
        </Suspense>
      </section>
    </div>
  );
}
