import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';
import { guard, readable, strangers, type Guard } from './guard';
import { ALL, fill, type Hostile } from './hostile';
import { INBOUND_SECRET } from './mail';
import { startServer, type PEOPLE, type Server } from './server';

openBrowser();

/** For everything that one person opens, on a machine that has much else to do. */
vi.setConfig({ testTimeout: 240_000 });

let server: Server;
let hostile: Hostile;
beforeAll(async () => {
  server = await startServer({
    RATE_LIMIT_ANONYMOUS: 'off',
    RATE_LIMIT_USER: 'off',
    INBOUND_EMAIL_SECRET: INBOUND_SECRET,
  });
  hostile = await fill(deskAt(server.origin), server.origin);
}, 120_000);
afterAll(() => server.stop());

interface Tour {
  page: Page;
  watched: Guard;
  /** Opens a page, and looks it through. */
  open: (path: string) => Promise<void>;
  /** Looks through what is shown: it holds nothing strange, and at least so many of the texts. */
  look: (least?: number) => Promise<void>;
  /** Which of the texts were there to be read. */
  seen: Set<number>;
  end: () => Promise<void>;
}

async function tour(person: keyof typeof PEOPLE): Promise<Tour> {
  const { page, context } = await visit(person, {}, server.origin);
  const watched = await guard(context, server.origin);
  // All parts of what stands beside a ticket are open.
  await context.addInitScript(() => {
    // A frame without an origin has no such place.
    if (parent !== self) return;
    localStorage.setItem('panel', JSON.stringify({ links: true, watchers: true, runs: true, facts: true }));
  });
  const seen = new Set<number>();
  const look = async (least = 0) => {
    await watched.settle(page);
    const isShown = async () => (await readable(page.mainFrame())).length;
    await expect.poll(isShown, { timeout: 20_000, message: page.url() }).toBeGreaterThanOrEqual(least);
    const found = [];
    for (const frame of page.frames()) {
      found.push(...(await strangers(frame)));
      const within = frame === page.mainFrame() ? undefined : 'body';
      const shown = await readable(frame, within);
      shown.forEach((at) => seen.add(at));
    }
    expect(found).toEqual([]);
  };
  return {
    page,
    watched,
    seen,
    look,
    open: async (path) => {
      await page.goto(path);
      await look();
    },
    end: async () => {
      expect(watched.faults).toEqual([]);
      expect(watched.asked).toEqual([]);
      await context.close();
    },
  };
}

test('there are many of them, and each is one of a kind', () => {
  expect(ALL.length).toBeGreaterThan(500);
  expect(new Set(ALL.map((one) => one.text)).size).toBe(ALL.length);
});

test('an agent reads all of them, and none is more than a text', async () => {
  const { page, open, look, seen, end } = await tour('agent');
  await open('/?queue=open');
  for (const number of hostile.tickets) {
    await page.goto(`/tickets/${number}`);
    await page.getByRole('article').nth(3).waitFor();
    // Each shows four sixths of the texts; what Markdown makes of some, such as a link's address, is not to be read.
    await look(240);
  }
  // What can be chosen from is made of them too.
  await page.getByRole('textbox', { name: 'Reply' }).pressSequentially('@o');
  await look();
  for (const path of ['/tickets/new', '/notifications', '/me', '/me/keys', '/me/sessions']) await open(path);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'What do you want to do?' }).fill('<script>');
  await look();
  expect(seen.size).toBeGreaterThan(400);
  await end();
});

test('what mails say is read in their frame, and loads nothing', async () => {
  const { page, look, seen, watched, end } = await tour('agent');
  for (const number of hostile.mailed) {
    await page.goto(`/tickets/${number}`);
    const first = page.locator('#description');
    await first.getByRole('button', { name: /: actions$/ }).click();
    await page.getByRole('menuitem', { name: 'Show original' }).click();
    await page
      .frameLocator('iframe')
      .getByText(/^Mail \d/)
      .waitFor();
    await page.getByRole('dialog').locator('summary').last().click();
    await look();
    await page.getByRole('button', { name: 'Text', exact: true }).click();
    await look();
  }
  // The server has made them safe before, so that the frame has nothing left to refuse.
  expect(watched.refused).toEqual([]);
  expect(seen.size).toBeGreaterThan(200);
  await end();
});

test('an administrator looks after what is called like them', async () => {
  const { page, open, look, seen, end } = await tour('admin');
  const areas =
    'users organizations teams sla-policies calendars custom-fields webhooks email-templates brand mailboxes inbound jobs audit';
  for (const area of areas.split(' ')) await open(`/admin/${area}`);
  for (const place of hostile.places) {
    await page.goto(place);
    if (place.includes('email-templates'))
      await page
        .frameLocator('iframe')
        .getByText(/^Text \d/)
        .waitFor();
    for (const part of await page.locator('main summary').all()) await part.click();
    await look(1);
  }
  for (const path of ['/notifications', '/me/keys']) await open(path);
  expect(seen.size).toBeGreaterThan(200);
  await end();
});

test('a customer reads their own, and what addresses say is a text too', async () => {
  const { page, open, look, watched, end } = await tour('customer');
  await open('/');
  for (const number of hostile.tickets) {
    await page.goto(`/tickets/${number}`);
    await page.getByRole('article').nth(1).waitFor();
    await look(50);
  }
  for (const path of ['/tickets/new', '/notifications', '/me', '/me/keys']) await open(path);
  const text = encodeURIComponent('"><img src=x onerror=__hit(0)>{{7*7}}');
  for (const path of [`/?queue=${text}&q=${text}&tag=${text}`, `/tickets/${text}`, `/me/${text}`, `/${text}#${text}`])
    await open(path);
  const elsewhere = ['javascript:__hit(0)', 'https://elsewhere.example', '//elsewhere.example', '/\\elsewhere.example'];
  for (const to of [...elsewhere, '/\t/elsewhere.example', '\\\\elsewhere.example', 'data:text/html,x']) {
    await page.goto(`/sign-in?to=${encodeURIComponent(to)}`);
    await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
    await watched.settle(page);
    expect(new URL(page.url()).origin).toBe(server.origin);
  }
  await end();
});
