/** What is known of one thing, name by name. */
import type { ReactNode } from 'react';
import panels from './panels.module.css';

export function Facts({ children }: { children: ReactNode }) {
  return <dl className={panels.facts}>{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </>
  );
}
