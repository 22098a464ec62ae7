import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Suspense, useEffect, useRef } from 'react';
import { useMe } from '../../api/session';
import { useCommands } from '../../keys/commands';
import { defineText, useText } from '../../text';
import { useTitle } from '../../app/desk';
import { NotFound } from '../../app/not-found';
import { Skeleton } from '../../ui/skeleton';
import styles from './admin.module.css';
import { AREAS, areaText } from './areas';

const text = defineText({ title: 'Administration' }, { title: 'Verwaltung' });

export default function Admin() {
  const me = useMe();
  const words = useText(text);
  const names = useText(areaText);
  const { area: id, id: one } = useParams({ strict: false });
  const navigate = useNavigate();
  const go = (area: string) => void navigate({ to: '/admin/$area', params: { area } });
  useCommands(
    AREAS.map((area) => ({
      id: `admin.${area.id}`,
      group: words.title,
      title: names[area.id],
      run: () => go(area.id),
    })),
  );
  const area = AREAS.find((area) => area.id === (id ?? AREAS[0]?.id));
  useTitle(area === undefined ? undefined : names[area.id]);
  const list = useRef<HTMLUListElement>(null);
  // On a phone the list is a row that does not show all of them.
  useEffect(() => {
    list.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [area]);
  if (me.role !== 'admin' || area === undefined) return <NotFound />;
  return (
    <div className={styles.frame}>
      <nav className={styles.nav} aria-label={words.title}>
        <h1 className={styles.title}>{words.title}</h1>
        <ul ref={list} className={styles.list}>
          {AREAS.map((other) => (
            <li key={other.id}>
              <Link
                to="/admin/$area"
                params={{ area: other.id }}
                className={styles.item}
                aria-current={other === area ? 'page' : undefined}
              >
                {names[other.id]}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <section className={styles.content} aria-label={names[area.id]}>
        <Suspense fallback={<Skeleton lines={8} />}>
          <area.Screen key={area.id} id={one} />
        </Suspense>
      </section>
    </div>
  );
}
