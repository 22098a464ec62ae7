import type { Availability } from '../api/types';
import styles from './avatar.module.css';

interface Props {
  name: string;
  size?: number;
  /** Whether the person takes work, as a sign at its edge: what it means is said beside it. */
  availability?: Availability | undefined;
}

/** The first letters of a name on a colour that is always the same for it. */
export function Avatar({ name, size = 24, availability }: Props) {
  let sum = 0;
  for (const c of name) sum = (sum * 31 + (c.codePointAt(0) ?? 0)) % 997;
  const letters = name.split(/\s+/).filter(Boolean);
  const first = initial(letters[0] ?? '?');
  const last = letters.length > 1 ? initial(letters.at(-1) ?? '') : '';
  return (
    <span
      className={styles.avatar}
      data-hue={sum % 8}
      style={{ width: size, height: size, fontSize: size * 0.4 }}
      // By the style sheet: they are a picture, and no part of what a button around them says.
      data-letters={first + last}
      data-availability={availability}
      aria-hidden
    />
  );
}

/** To make one takes longer than to use it, and a list shows dozens of people. */
const signs = new Intl.Segmenter();

/** The first sign as people see it, which may be several code points. */
function initial(word: string): string {
  for (const { segment } of signs.segment(word)) return segment;
  return '';
}
