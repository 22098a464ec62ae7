/** Which language the console speaks: that of the person, or else of the browser. */
import { useSyncExternalStore } from 'react';
import { currentSession, onSession } from '../api/session';

export type Language = 'en' | 'de';

/** What a wish came to: asked for with every text of every row, and slow to find out. */
const supported = new Map<string, string>();

/** The whole language tag by which dates and numbers are written, such as `de-AT`. */
export function locale(): string {
  const session = currentSession();
  const own = 'user' in session ? session.user.locale : null;
  const wanted = own ?? navigator.language;
  let found = supported.get(wanted);
  if (found === undefined)
    supported.set(wanted, (found = Intl.DateTimeFormat.supportedLocalesOf([wanted])[0] ?? 'en-GB'));
  return found;
}

export function language(): Language {
  return locale().toLowerCase().startsWith('de') ? 'de' : 'en';
}

/** The IANA zone in which moments are written; undefined is the browser's own. */
export function timeZone(): string | undefined {
  const session = currentSession();
  return ('user' in session ? session.user.time_zone : null) ?? undefined;
}

export function useLocale(): string {
  return useSyncExternalStore(onSession, locale);
}

export function useLanguage(): Language {
  return useSyncExternalStore(onSession, language);
}
