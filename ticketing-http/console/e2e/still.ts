/** A desk on which time stands still, and pictures of it. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { visit, type Visit } from './browser';
import { deskAt } from './desk';
import { calm, watch } from './screens';
import { startServer, type PEOPLE, type Server } from './server';

/** A Thursday, a quarter past two in the afternoon where the desk is. */
const NOW = '2026-03-12T13:15:00Z';

/** The demo desk as it was then. Nobody works, so that nothing of what is long due happens. */
export const startStill = (): Promise<Server> =>
  startServer({ RATE_LIMIT_ANONYMOUS: 'off', WORKERS: '0' }, ['--demo-until', NOW]);

/** A window of somebody at that moment. */
export async function visitStill(
  person: keyof typeof PEOPLE | undefined,
  origin: string,
  options: BrowserContextOptions,
): Promise<Visit> {
  const seen = await visit(person, { timezoneId: 'Europe/Berlin', ...options }, origin);
  await seen.page.clock.setFixedTime(NOW);
  watch(seen.page);
  return seen;
}

/** A ticket of which there is much to see, in English. */
export async function tellingTicket(origin: string): Promise<{ path: string; heading: string }> {
  const desk = deskAt(origin);
  interface Told {
    id: string;
    ticket_number: string;
    subject: string;
    description: string;
  }
  const { items } = await desk.ask<{ items: Told[] }>(
    'manager',
    'GET',
    'tickets?status=in_progress,pending,on_hold&sort=-updated_at&limit=100',
  );
  for (const { id, ticket_number, subject, description } of items) {
    const isEnglish = description.includes(' the ');
    if (isEnglish && (await desk.said(id)).length >= 4) return { path: `/tickets/${ticket_number}`, heading: subject };
  }
  throw new Error('there is no such ticket');
}

/** Letters that the page brings no font for: each machine has others, or none. */
const FOREIGN = '[\\u0590-\\u08ff\\u2e80-\\u9fff\\uac00-\\ud7af\\uff00-\\uffef]';
const MOST_TRIES = 60;

/** Keeps to the letters that the page brings, so that it is drawn the same everywhere. */
async function spell(page: Page): Promise<void> {
  await page.evaluate((foreign) => {
    document.documentElement.style.setProperty('--mono', 'var(--font)');
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode() !== null) {
      const { currentNode: text } = texts;
      const shown = text.nodeValue?.replaceAll(new RegExp(foreign, 'g'), 'x') ?? '';
      if (shown !== text.nodeValue) text.nodeValue = shown;
    }
  }, FOREIGN);
}

/** Whether the page shows letters that it brings no font for. */
export async function isForeign(page: Page): Promise<boolean> {
  return new RegExp(FOREIGN).test(await page.locator('body').innerText());
}

/** A picture of the page, once it has come to rest. */
export async function shoot(page: Page, isSpelled = false): Promise<Buffer> {
  await page.mouse.move(0, 0);
  const take = async () => {
    await calm(page);
    if (isSpelled) await spell(page);
    await page.evaluate(async () => {
      await document.fonts.ready;
    });
    // A mail is drawn in the machine's own letters.
    const mask = isSpelled ? [page.locator('iframe')] : [];
    return page.screenshot({ animations: 'disabled', caret: 'hide', mask, maskColor: '#80848c' });
  };
  let before = await take();
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const after = await take();
    if (after.equals(before)) return after;
    before = after;
  }
  throw new Error(`${page.url()} does not come to rest`);
}
