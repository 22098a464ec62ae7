import { Link } from '@tanstack/react-router';
import styles from './segments.module.css';

interface Segment {
  label: string;
  /** What the address says of it; what is undefined is not said. */
  search: Record<string, string | undefined>;
}

/** A few views of one list, side by side; each has its address. */
export function Segments({ label, items }: { label: string; items: readonly Segment[] }) {
  return (
    <nav className={styles.segments} aria-label={label}>
      {items.map((item) => (
        <Link
          key={item.label}
          to="."
          search={item.search}
          replace
          className={styles.item}
          activeOptions={{ exact: true, includeSearch: true }}
        >
          {item.label}
        </Link>
      ))}
    </nav>
  );
}
