import { defineText, say } from '../text';
import { toast } from './toast';

const text = defineText(
  { failed: 'This browser does not let the page copy. Please copy it by hand.' },
  { failed: 'Dieser Browser erlaubt der Seite nicht zu kopieren. Bitte von Hand kopieren.' },
);

/** Copies a text. A page that did not come securely may not: then it is said that it did not work. */
export async function copy(what: string, done: string): Promise<void> {
  try {
    // Not there on such a page; the one place that is ready for it.
    // eslint-disable-next-line no-restricted-properties
    await navigator.clipboard.writeText(what);
    toast(done);
  } catch {
    toast(say(text).failed, { tone: 'error' });
  }
}
