import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser';
import { deskAt } from './desk';
import type { PEOPLE, Server } from './server';
import { indexed } from './palette';
import { open, type Screen } from './screens';
import { shoot, startStill, tellingTicket, visitStill } from './still';

openBrowser();

const BASELINES = fileURLToPath(new URL('./baselines', import.meta.url));
/** Where a picture goes that differs, with what differs in it. */
const CHANGED = fileURLToPath(new URL('./changed', import.meta.url));
const UPDATES = process.env['UPDATE_LOOKS'] === '1';
/** How many pixels may differ: fonts are drawn a little otherwise by another machine. */
const TOLERANCE = 300;
const MOST_TRIES = 5;

let server: Server;
beforeAll(async () => {
  rmSync(CHANGED, { recursive: true, force: true });
  mkdirSync(UPDATES ? BASELINES : CHANGED, { recursive: true });
  server = await startStill();
});
afterAll(() => server.stop());

interface Look extends Screen {
  name: string;
}

/** The main screens, in the order in which they are looked at. */
async function looks(origin: string): Promise<Look[]> {
  const first = async (who: keyof typeof PEOPLE, list: string) => {
    const { items } = await deskAt(origin).ask<{ items: Record<string, string>[] }>(who, 'GET', list);
    return items[0] ?? {};
  };
  const rule = await first('admin', 'workflows?limit=1');
  const policy = await first('admin', 'sla-policies?limit=1');
  const own = await first('customer', 'tickets?sort=-updated_at&limit=1');
  return [
    { name: 'sign-in', who: 'nobody', path: '/sign-in', heading: 'Sign in' },
    { name: 'queue', who: 'manager', path: '/?queue=open', heading: 'All open' },
    { name: 'ticket', who: 'manager', ...(await tellingTicket(origin)) },
    { name: 'new-ticket', who: 'agent', path: '/tickets/new', heading: 'New ticket' },
    { name: 'notifications', who: 'manager', path: '/notifications', heading: 'Notifications' },
    { name: 'preferences', who: 'agent', path: '/me/notifications', heading: 'Your account' },
    { name: 'workflows', who: 'admin', path: '/workflows', heading: 'Workflows' },
    { name: 'workflow', who: 'admin', path: `/workflows/${rule['id']}`, heading: /./ },
    { name: 'users', who: 'admin', path: '/admin/users', heading: 'Users' },
    { name: 'sla-policy', who: 'admin', path: `/admin/sla-policies/${policy['id']}`, heading: policy['name'] ?? '' },
    { name: 'email-template', who: 'admin', path: '/admin/email-templates/ticket_created', heading: /./ },
    { name: 'portal-list', who: 'customer', path: '/', heading: 'My tickets' },
    { name: 'portal-ticket', who: 'customer', path: `/tickets/${own['ticket_number']}`, heading: own['subject'] ?? '' },
  ];
}

/** How many pixels of a picture are not as they were, and where. */
function compare(kept: PNG, fresh: PNG): { count: number; difference: PNG } {
  const { width, height } = kept;
  const difference = new PNG({ width, height });
  if (fresh.width !== width || fresh.height !== height) return { count: width * height, difference };
  return { count: pixelmatch(kept.data, fresh.data, difference.data, width, height, { threshold: 0.1 }), difference };
}

/** Holds a page against the picture of it that is kept. What it still waits for may come a moment later. */
async function look(page: Page, name: string): Promise<string[]> {
  const path = join(BASELINES, `${name}.png`);
  if (UPDATES) {
    writeFileSync(path, indexed(PNG.sync.read(await shoot(page, true))));
    return [];
  }
  const kept = PNG.sync.read(readFileSync(path));
  for (let tries = 1; ; tries += 1) {
    const picture = await shoot(page, true);
    const { count, difference } = compare(kept, PNG.sync.read(picture));
    if (count <= TOLERANCE) return [];
    if (tries < MOST_TRIES) continue;
    writeFileSync(join(CHANGED, `${name}.png`), picture);
    writeFileSync(join(CHANGED, `${name}.differs.png`), PNG.sync.write(difference));
    return [`${name}: ${count} pixels differ, see e2e/changed; UPDATE_LOOKS=1 npm run e2e keeps the new pictures`];
  }
}

for (const colorScheme of ['light', 'dark'] as const)
  test(`the main screens look as they did, ${colorScheme}`, { timeout: 240_000 }, async () => {
    const differ: string[] = [];
    const all = await looks(server.origin);
    for (const who of ['nobody', 'agent', 'manager', 'admin', 'customer'] as const) {
      const options = { colorScheme, viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 };
      const person = who === 'nobody' ? undefined : who;
      const { page, faults, context } = await visitStill(person, server.origin, options);
      for (const { name, path, heading } of all.filter((one) => one.who === who)) {
        await open(page, path, heading);
        differ.push(...(await look(page, `${name}-${colorScheme}`)));
      }
      expect(faults).toEqual([]);
      await context.close();
    }
    expect(differ).toEqual([]);
  });
