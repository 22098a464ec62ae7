/** What options of the desk's own fields are called: those that were renamed are known by each of their names. */
import type { CustomField } from '../../api/custom-fields';
import { fold } from './fold';
import type { Verdict } from './verdict';

export type Named = Pick<CustomField, 'key' | 'former_options'>;

/** The name of now that a text stands for, folded; of what is no option's former name, the text itself. */
export function nameNow({ former_options }: Pick<Named, 'former_options'>, text: string): string {
  const folded = fold(text);
  const now = Object.hasOwn(former_options, folded) ? former_options[folded] : undefined;
  return now === undefined ? folded : fold(now);
}

/** Whether two folded texts mean the same in a field. As long as it is not known what was renamed, others may. */
export function isSameIn(custom: readonly Named[] | undefined, key: string, one: string, other: string): Verdict {
  if (one === other) return true;
  if (custom === undefined) return undefined;
  const field = custom.find((known) => known.key === key);
  return field !== undefined && nameNow(field, one) === nameNow(field, other);
}
