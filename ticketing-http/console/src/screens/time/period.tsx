/** Which week or month a sheet is of, and the way to the others. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useCommands } from '../../keys/commands';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { today } from './days';
import { pageText } from './page-text';
import styles from './page.module.css';

interface Props {
  unit: 'week' | 'month';
  title: string;
  previous: string;
  next: string;
  /** Whether today is in it. */
  isNow: boolean;
}

export function Period({ unit, title, previous, next, isNow }: Props) {
  const words = useText(pageText);
  const navigate = useNavigate();
  const search: Partial<Record<string, string>> = useSearch({ strict: false });
  const go = (day: string) =>
    void navigate({ to: '.', search: { ...search, day: day === today() ? undefined : day }, replace: true });
  useCommands([
    { id: 'time.previous', group: words.title, title: words.previous[unit], keys: [','], run: () => go(previous) },
    { id: 'time.next', group: words.title, title: words.next[unit], keys: ['.'], run: () => go(next) },
  ]);
  return (
    <div className={styles.period}>
      <Button label={words.previous[unit]} icon={<ChevronLeft size={16} />} onClick={() => go(previous)} />
      <h2 className={styles.stretch} aria-live="polite">
        {title}
      </h2>
      <Button label={words.next[unit]} icon={<ChevronRight size={16} />} onClick={() => go(next)} />
      <Button kind="quiet" size="small" disabled={isNow} onClick={() => go(today())}>
        {words.now[unit]}
      </Button>
    </div>
  );
}
