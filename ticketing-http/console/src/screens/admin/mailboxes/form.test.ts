import { describe, expect, it } from 'vitest';
import { NEW_IMAP, readMailbox, writeMailbox, type ImapForm } from './form';

const withImap = (part: Partial<ImapForm>) =>
  writeMailbox({ ...readMailbox(undefined), imap: { ...NEW_IMAP, ...part } }).imap;

describe('writeMailbox', () => {
  it('reads lines and commas alike', () => {
    const { aliases } = writeMailbox({
      ...readMailbox(undefined),
      aliases: ' a@x.example, b@x.example\n\nc@x.example ',
    });
    expect(aliases).toEqual(['a@x.example', 'b@x.example', 'c@x.example']);
  });
  it('leaves a secret alone that is not said', () => {
    expect(withImap({ host: ' imap.desk.example ', username: 'support' })).toEqual({
      host: 'imap.desk.example',
      port: 993,
      security: 'tls',
      auth: 'password',
      username: 'support',
      folder: 'INBOX',
      then: 'flag',
    });
    expect(withImap({ secret: 'x' })).toMatchObject({ secret: 'x' });
  });
  it('says of tokens and folders only where they count', () => {
    const whole = { token_url: 'https://a.example', client_id: 'c', client_secret: 's', then_folder: 'Done' };
    expect(withImap(whole)).not.toHaveProperty('token_url');
    expect(withImap(whole)).not.toHaveProperty('then_folder');
    expect(withImap({ ...whole, auth: 'oauth2', then: 'move' })).toMatchObject(whole);
  });
  it('takes an account away', () => {
    expect(writeMailbox(readMailbox(undefined)).imap).toBeNull();
  });
});
