/** Mails as anybody may write them, brought to the desk as a service would. */
import { createHmac, randomUUID } from 'node:crypto';
import type { Desk } from './desk';

export const INBOUND_SECRET = 'a-secret-of-the-mail-server';

interface File {
  name: string;
  type: string;
  content: string;
  id?: string;
}

export interface Letter {
  from: { name: string; address: string };
  subject: string;
  text?: string;
  html: string;
  /** What its HTML says to be written in. */
  charset?: string;
  headers?: readonly string[];
  files?: readonly File[];
}

const word = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
const coded = (text: string) =>
  Buffer.from(text)
    .toString('base64')
    .replaceAll(/(.{76})/g, '$1\r\n');

function part(type: string, content: string, more: readonly string[] = []): string {
  return [`Content-Type: ${type}`, 'Content-Transfer-Encoding: base64', ...more, '', coded(content), ''].join('\r\n');
}

export function written({ from, subject, text, html, charset = 'utf-8', headers = [], files = [] }: Letter): string {
  const parts = [
    ...(text === undefined ? [] : [part('text/plain; charset=utf-8', text)]),
    part(`text/html; charset=${charset}`, html),
  ];
  const alternative = ['Content-Type: multipart/alternative; boundary=inner', '', ...around('inner', parts)];
  const attached = files.map(({ name, type, content, id }) =>
    part(`${type}; name*=utf-8''${encodeURIComponent(name)}`, content, [
      `Content-Disposition: ${id === undefined ? 'attachment' : 'inline'}; filename*=utf-8''${encodeURIComponent(name)}`,
      ...(id === undefined ? [] : [`Content-ID: <${id}>`]),
    ]),
  );
  return [
    `From: ${word(from.name)} <${from.address}>`,
    'To: support@fjordrad.example',
    `Subject: ${word(subject)}`,
    `Date: ${new Date().toUTCString()}`,
    `Message-ID: <${randomUUID()}@elsewhere.example>`,
    ...headers,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=outer',
    '',
    ...around('outer', [alternative.join('\r\n'), ...attached]),
  ].join('\r\n');
}

function around(boundary: string, parts: readonly string[]): string[] {
  return [...parts.flatMap((one) => [`--${boundary}`, one]), `--${boundary}--`, ''];
}

interface Arrival {
  id: string;
  state: string;
  ticket_id: string | null;
}

/** Brings a mail, and waits until the desk has read it. */
export async function bring(origin: string, desk: Desk, letter: Letter): Promise<Arrival> {
  const raw = written(letter);
  const signature = createHmac('sha256', INBOUND_SECRET).update(raw).digest('hex');
  const answer = await fetch(`${origin}/api/inbound/email`, {
    method: 'POST',
    headers: { 'Content-Type': 'message/rfc822', 'X-Inbound-Signature': `sha256=${signature}` },
    body: raw,
  });
  if (!answer.ok) throw new Error(`bringing a mail: ${answer.status} ${await answer.text()}`);
  const { id } = (await answer.json()) as { id: string };
  for (;;) {
    const arrival = await desk.ask<Arrival>('admin', 'GET', `inbound/${id}`);
    if (arrival.state !== 'waiting') return arrival;
    await new Promise((done) => setTimeout(done, 50));
  }
}
