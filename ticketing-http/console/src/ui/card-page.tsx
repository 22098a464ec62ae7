/** A page of one card, for whoever is not signed in: whose desk it is, and one thing to do. */
import type { ReactNode } from 'react';
import { useDesk, useTitle } from '../app/desk';
import styles from './card-page.module.css';

/** How the forms of such pages are laid out. */
export const cardForm: string = styles.form ?? '';
export const cardFailure: string = styles.failure ?? '';

interface Props {
  title: string;
  /** What it is about, in a sentence. */
  lead?: ReactNode;
  /** Where else to go. */
  links?: ReactNode;
  children?: ReactNode;
}

export function CardPage({ title, lead, links, children }: Props) {
  const desk = useDesk();
  useTitle(title);
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <p className={styles.desk}>
          <img src="./icon.svg" alt="" height={32} className={styles.logo} />
          <span dir="auto">{desk.name}</span>
        </p>
        <div className={styles.head}>
          <h1 className={styles.title}>{title}</h1>
          {lead !== undefined && <p className={styles.lead}>{lead}</p>}
        </div>
        {children}
      </div>
      {links !== undefined && <p className={styles.links}>{links}</p>}
    </main>
  );
}
