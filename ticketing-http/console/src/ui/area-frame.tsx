/** A page of areas: their names beside it, on a phone above it, where there are several; and the one that is shown. */
import { Suspense, useEffect, useRef, type ReactNode } from 'react';
import { useTitle } from '../app/desk';
import { NotFound } from '../app/not-found';
import styles from './area-frame.module.css';
import { Skeleton } from './skeleton';

/** What a link to an area wears. */
export const areaLink: string = styles.item ?? '';

interface Props<A extends { id: string }> {
  title: string;
  areas: readonly A[];
  /** None is an address that there is not. */
  shown: A | undefined;
  nameOf: (area: A) => string;
  /** A link, by {@link areaLink}; the one that is shown is said to be the page. */
  link: (area: A, current: 'page' | undefined) => ReactNode;
  children: (area: A) => ReactNode;
}

export function AreaFrame<A extends { id: string }>({ title, areas, shown, nameOf, link, children }: Props<A>) {
  const list = useRef<HTMLUListElement>(null);
  // On a phone the list is a row that does not show all of them.
  useEffect(() => {
    list.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [shown]);
  useTitle(shown === undefined ? undefined : nameOf(shown));
  if (shown === undefined) return <NotFound />;
  const content = (
    <section className={styles.content} aria-label={nameOf(shown)}>
      <Suspense fallback={<Skeleton lines={8} />}>{children(shown)}</Suspense>
    </section>
  );
  if (areas.length === 1)
    return (
      <div className={styles.alone}>
        <h1 className="visually-hidden">{title}</h1>
        {content}
      </div>
    );
  return (
    <div className={styles.frame} data-areas>
      <nav className={styles.nav} aria-label={title}>
        <h1 className={styles.title}>{title}</h1>
        <ul ref={list} className={styles.list}>
          {areas.map((area) => (
            <li key={area.id}>{link(area, area === shown ? 'page' : undefined)}</li>
          ))}
        </ul>
      </nav>
      {content}
    </div>
  );
}
