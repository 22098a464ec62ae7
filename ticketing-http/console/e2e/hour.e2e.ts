import type { Page, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';
import { size, startDesk } from './speed/desk';
import { say } from './speed/report';
import { workAt } from './speed/work';
import { PASSWORD, PEOPLE, type Server } from './server';

openBrowser();

let server: Server;
// With the limits that a desk has where nobody says otherwise, but for the address: it signs in several.
beforeAll(async () => {
  server = await startDesk();
});
afterAll(() => server.stop());

const MINUTES = size(60, 12);
/** What one may ask in an hour, and in this part of one. */
const MOST = (1_000 * MINUTES) / 60;
/** A ticket a minute. */
const TICKETS = MINUTES;
const REPLIES = (MINUTES * 2) / 3;
const EVENTS = (MINUTES * 10) / 3;

/**
 * The page's clock runs ahead of the server's, whose signs of life it would miss: it is given others, and what it answers
 * to those is kept from the server.
 */
async function keepAlive(page: Page): Promise<() => void> {
  const sockets: WebSocketRoute[] = [];
  let owed = 0;
  await page.routeWebSocket('**/socket.io/**', (socket) => {
    const there = socket.connectToServer();
    socket.onMessage((message) => {
      if (message === '3' && owed > 0) owed -= 1;
      else there.send(message);
    });
    sockets.push(socket);
  });
  return () => {
    owed += 1;
    sockets.at(-1)?.send('2');
  };
}

test('an hour of work needs fewer requests than one has', { timeout: 300_000 }, async () => {
  const desk = deskAt(server.origin);
  const { items } = await desk.ask<{ items: { ticket_number: string }[] }>(
    'admin',
    'GET',
    'tickets?status=open&limit=50',
  );
  const { page, context, faults } = await visit(undefined, {}, server.origin);
  const ping = await keepAlive(page);
  await page.clock.install();
  const asked = new Map<string, number>();
  let refused = 0;
  page.on('response', (answer) => {
    const { pathname } = new URL(answer.url());
    if (!pathname.startsWith('/api/')) return;
    const what = `${answer.request().method()} ${pathname.replaceAll(/TKT-\w+|[0-9a-f]{8}-[0-9a-f-]{27}/g, '*')}`;
    asked.set(what, (asked.get(what) ?? 0) + 1);
    if (answer.status() === 429) refused += 1;
  });
  await page.goto('/');
  await page.getByLabel('Email').fill(PEOPLE.agent);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  const work = workAt(page);
  const now = () => page.evaluate(() => Date.now());
  const begun = await now();
  let events = 0;
  for (let at = 0; at < TICKETS; at += 1) {
    await work.toQueue(5);
    await work.down(1 + (at % 20));
    await work.open();
    for (; events < ((at + 1) * EVENTS) / TICKETS; events += 1)
      await desk.say('manager', items[events % items.length]?.ticket_number ?? '', `Meanwhile ${events}.`);
    if (at < REPLIES) await work.reply(`Answer ${at}.`);
    // A minute for each, most of it on the ticket.
    for (let part = 0; part < 3; part += 1) {
      ping();
      await page.clock.runFor(20_000);
    }
    await work.leave();
  }
  const minutes = ((await now()) - begun) / 60_000;
  const sum = [...asked.values()].reduce((all, one) => all + one, 0);
  say(
    `${sum} of ${MOST} requests in ${minutes.toFixed(0)} minutes: ${TICKETS} tickets, ${REPLIES} replies, ${events} events`,
  );
  for (const [what, count] of [...asked].sort((a, b) => b[1] - a[1])) say(`  ${count} ${what}`);
  expect(minutes).toBeGreaterThanOrEqual(MINUTES);
  expect(refused).toBe(0);
  expect(sum).toBeLessThan(MOST);
  expect(faults).toEqual([]);
  await context.close();
});
