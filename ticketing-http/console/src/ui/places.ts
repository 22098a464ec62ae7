/** Time zones and languages to choose from. */
import type { Choice } from './pick';

let zones: readonly Choice[] | undefined;

/** Every zone that the browser knows; UTC, which it may leave out, first. */
export function timeZones(): readonly Choice[] {
  zones ??= ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')].map((zone) => ({
    id: zone,
    name: zone,
  }));
  return zones;
}

/** Languages that mails and dates are often written in. Any other that is set already stays. */
const LOCALES = [
  ...['ar', 'bg', 'cs', 'da', 'de', 'de-AT', 'de-CH', 'de-DE', 'el', 'en', 'en-GB', 'en-US', 'es', 'et', 'fi', 'fr'],
  ...['fr-CH', 'he', 'hr', 'hu', 'it', 'ja', 'ko', 'lt', 'lv', 'nb', 'nl', 'pl', 'pt', 'pt-BR', 'ro', 'ru', 'sk', 'sl'],
  ...['sv', 'tr', 'uk', 'zh'],
];

/** In the reader's language, by their names there. */
export function locales(reader: string): readonly Choice[] {
  const names = new Intl.DisplayNames([reader], { type: 'language' });
  return LOCALES.map((id) => ({ id, name: names.of(id) ?? id, about: id })).sort((a, b) =>
    a.name.localeCompare(b.name, reader),
  );
}
