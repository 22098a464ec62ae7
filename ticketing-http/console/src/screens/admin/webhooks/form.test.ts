import { describe, expect, it } from 'vitest';
import { makeSecret, noJson, readWebhook, writeWebhook, type WebhookForm } from './form';

const written = (part: Partial<WebhookForm>) => writeWebhook({ ...readWebhook(undefined), ...part });

describe('writeWebhook', () => {
  it('leaves a secret alone that is kept, and ends one that is removed', () => {
    expect(written({ secret_key: { how: 'keep', text: '' } })).not.toHaveProperty('secret_key');
    expect(written({ secret_key: { how: 'set', text: '' } })).not.toHaveProperty('secret_key');
    expect(written({ secret_key: { how: 'remove', text: 'x' } })).toMatchObject({ secret_key: null });
    expect(written({ secret_key: { how: 'set', text: 'long' } })).toMatchObject({ secret_key: 'long' });
  });
  it('sends headers that were set or taken off, and no values that nobody knows', () => {
    const { headers } = written({
      headers: [
        { name: 'X-Kept', value: '', how: 'keep', isStored: true },
        { name: 'X-Old', value: '', how: 'remove', isStored: true },
        { name: ' X-New ', value: 'v', how: 'set', isStored: false },
        { name: '', value: '', how: 'set', isStored: false },
      ],
    });
    expect(headers).toEqual({ 'X-Old': null, 'X-New': 'v' });
  });
  it('sends a template only where one is chosen', () => {
    expect(written({ payload: 'slack', payload_template: '{}' })).not.toHaveProperty('payload_template');
    expect(written({ payload: 'template', payload_template: '{}' })).toMatchObject({ payload_template: '{}' });
  });
  it('hands what is no number to the server, which says so', () => {
    expect(written({ timeout_ms: 'soon' }).timeout_ms).toBe(-1);
  });
  it('has no filter where nothing stands', () => {
    expect(written({ filter: ' \n' }).filter).toBeNull();
    expect(written({ filter: '{"all": []}' }).filter).toEqual({ all: [] });
  });
});

describe('noJson', () => {
  it('says why, and nothing of what is JSON or empty', () => {
    expect(noJson('{"field":')).toMatch(/JSON/);
    expect(noJson(' ')).toBeUndefined();
    expect(noJson('[]')).toBeUndefined();
  });
});

describe('makeSecret', () => {
  it('has 32 bytes, and is another each time', () => {
    const secret = makeSecret();
    expect(atob(secret.replace(/^whsec_/, ''))).toHaveLength(32);
    expect(makeSecret()).not.toBe(secret);
  });
});
