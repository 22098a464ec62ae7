import { describe, expect, it } from 'vitest';
import { NEW_IMAP, linesOf, patchOf } from './form';

describe('patchOf', () => {
  it('says only what was changed, and takes away what is empty', () => {
    expect(patchOf({ name: 'Support', team_id: '', locale: ' ' })).toEqual({
      name: 'Support',
      team_id: null,
      locale: null,
    });
  });
  it('leaves a secret alone that is not said', () => {
    const imap = patchOf({ imap: { ...NEW_IMAP, host: ' imap.desk.example ', username: 'support' } }).imap;
    expect(imap).toEqual({
      host: 'imap.desk.example',
      port: 993,
      security: 'tls',
      auth: 'password',
      username: 'support',
      folder: 'INBOX',
      then: 'flag',
    });
    expect(patchOf({ imap: { ...NEW_IMAP, secret: 'x' } }).imap).toMatchObject({ secret: 'x' });
  });
  it('says of tokens and folders only where they count', () => {
    const whole = {
      ...NEW_IMAP,
      token_url: 'https://a.example',
      client_id: 'c',
      client_secret: 's',
      then_folder: 'Done',
    };
    expect(patchOf({ imap: whole }).imap).not.toHaveProperty('token_url');
    expect(patchOf({ imap: whole }).imap).not.toHaveProperty('then_folder');
    expect(patchOf({ imap: { ...whole, auth: 'oauth2', then: 'move' } }).imap).toMatchObject({
      token_url: 'https://a.example',
      client_id: 'c',
      client_secret: 's',
      then_folder: 'Done',
    });
  });
  it('takes an account away', () => {
    expect(patchOf({ imap: null })).toEqual({ imap: null });
  });
});

it('reads lines and commas alike', () => {
  expect(linesOf(' a@x.example, b@x.example\n\nc@x.example ')).toEqual(['a@x.example', 'b@x.example', 'c@x.example']);
});
