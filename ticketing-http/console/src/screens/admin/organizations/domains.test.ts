import { expect, test } from 'vitest';
import { readDomains } from './domains';

test('domains may stand in any kind of list', () => {
  expect(readDomains('acme.example\n @Acme.de, acme.fr;acme.example  ')).toEqual([
    'acme.example',
    'acme.de',
    'acme.fr',
  ]);
  expect(readDomains(' \n')).toEqual([]);
});
