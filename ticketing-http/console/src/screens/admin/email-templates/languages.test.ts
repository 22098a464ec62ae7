import { expect, it } from 'vitest';
import { languageName, languageTag } from './languages';

it('writes tags as they are written', () => {
  expect(languageTag(' pt_br ')).toBe('pt-BR');
  expect(languageTag('')).toBeUndefined();
  expect(languageTag('not a language')).toBeUndefined();
});

it('names a language as the reader does, or by its tag', () => {
  expect(languageName('fr', 'de')).toBe('Französisch');
  expect(languageName('?', 'de')).toBe('?');
});
