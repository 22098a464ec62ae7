/** What can be wrong, by the codes of the server, in the reader's language. */
import type { Problem } from '../api/problem';
import { onSession } from '../api/session';
import { language } from '../text/language';
import type * as German from './fault-german';

/** Faults whose kind says enough. */
export const PLAIN = {
  required: 'Please fill this in.',
  not_an_address: 'This is not an email address.',
  not_a_domain: 'This is not a mail domain such as acme.example.',
  too_short: 'Use at least 8 characters.',
  wrong: 'This is not your password until now.',
  duplicate: 'Somebody has this already.',
  unknown: 'There is nothing of this name.',
  unknown_field: 'There is no such field.',
  inactive: 'This is no longer in use.',
  empty: 'This is empty.',
  comma: 'This may not contain a comma.',
  past: 'This has to lie in the future.',
  future: 'This may not lie in the future.',
  invalid: 'This is no longer good. Ask for a new link.',
};

/** What the server says of a problem for programs rather than people. */
const PLAINER: Partial<Record<string, string>> = {
  stale_version: 'Somebody else has changed this meanwhile. Look at it, then try again.',
  rate_limited: 'That was too often. Try again in a moment.',
};

/** What only readers of German load. */
let german: Partial<typeof German> | undefined;

function load(): Partial<typeof German> {
  if (language() !== 'de') return {};
  if (german === undefined) {
    german = {};
    import('./fault-german').then(
      (all) => {
        german = all;
      },
      () => {
        // The server is away; the next fault asks again.
        german = undefined;
      },
    );
  }
  return german;
}

load();
onSession(load);

/** Something wrong with one field, found by the server or, without a code, by the page. */
export interface Fault {
  field: string;
  code?: string;
  message: string;
}

export function faultText({ code, message }: Fault): string {
  if (code === undefined) return message;
  // A code of a newer server has its words.
  return load().faultWords?.(code, message) ?? (PLAIN as Partial<Record<string, string>>)[code] ?? message;
}

/** What is wrong with none of the fields. */
export function problemText({ code, message }: Problem): string {
  // How programs go on in spite of it is nothing for people.
  const words = PLAINER[code] ?? message.replace(/ Say \w+ to go on\.$/, '');
  return load().problemWords?.(code, words) ?? words;
}
