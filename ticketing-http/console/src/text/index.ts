/**
 * What the console says, in every language that it speaks. Each screen has its own texts beside it, so they are loaded
 * with it; the compiler sees to it that no language lacks one.
 */
import { language, useLanguage, type Language } from './language';

type Phrase = string | ((...args: never[]) => string);
/** Phrases by name, also in groups. */
export interface Phrases {
  readonly [name: string]: Phrase | Phrases;
}
/** The same names, with other words. */
type Same<T> = { readonly [K in keyof T]: T[K] extends string ? string : T[K] extends Phrases ? Same<T[K]> : T[K] };

export type Text<T> = Record<Language, Same<T>>;

/** Texts of a screen: English, and every other language with the same names. */
export function defineText<const T extends Phrases>(en: T, de: Same<T>): Text<T> {
  return { en: en as Same<T>, de };
}

/** The phrases in the language of whoever looks. */
export function useText<T>(text: Text<T>): Same<T> {
  return text[useLanguage()];
}

/** The same outside of a component. */
export function say<T>(text: Text<T>): Same<T> {
  return text[language()];
}

/** The form for a number: `plural(n, {one: '1 ticket', other: `${n} tickets`})`. */
export function plural(n: number, forms: { one: string; other: string }): string {
  const form = new Intl.PluralRules(language()).select(n);
  return form === 'one' ? forms.one : forms.other;
}
