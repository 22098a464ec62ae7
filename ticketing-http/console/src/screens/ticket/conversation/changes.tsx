/** What happened between two messages: a line, or several folded into one. */
import { ChevronRight, Dot } from 'lucide-react';
import { useId, useState } from 'react';
import { useFormat } from '../../../format';
import { useText } from '../../../text';
import { classes } from '../../../ui/classes';
import styles from './conversation.module.css';
import { describe, type Names } from './describe';
import { happeningText } from './happening-text';
import type { Happening } from './history';

export function Changes({ happenings, names }: { happenings: readonly Happening[]; names: Names }) {
  const words = useText(happeningText);
  const format = useFormat();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const lines = happenings.flatMap((one) =>
    describe(one, names).map((line, at) => ({ key: `${one.event_id} ${at}`, at: one.at, line })),
  );
  const line = ({ key, at, line: said }: (typeof lines)[number]) => (
    <li key={key} className={styles.change}>
      <Dot size={16} className={styles.changeDot} aria-hidden />
      <span dir="auto">{said}</span>
      <time dateTime={at} title={format.fullTime(at)}>
        {format.time(at)}
      </time>
    </li>
  );
  if (lines.length === 1) return <ul className={styles.changes}>{lines.map(line)}</ul>;
  return (
    <div className={styles.changes}>
      <button
        type="button"
        className={styles.fold}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <ChevronRight size={14} className={classes(styles.chevron, isOpen && styles.isOpen)} />
        {words.changes(lines.length)}
        {!isOpen && (
          <span className={styles.last} dir="auto">
            {lines.at(-1)?.line}
          </span>
        )}
      </button>
      <ul id={id} hidden={!isOpen}>
        {isOpen && lines.map(line)}
      </ul>
    </div>
  );
}
