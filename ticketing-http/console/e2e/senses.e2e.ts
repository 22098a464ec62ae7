import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';
import { overflowing } from './narrow';
import { open, watch } from './screens';

openBrowser();

/** What on the page takes longer than a blink to move, in seconds. */
const moving = (page: Page) =>
  page.evaluate(() => {
    const told = new Set<string>();
    for (const element of document.querySelectorAll('*'))
      for (const part of [null, '::before', '::after']) {
        const style = getComputedStyle(element, part);
        const times = `${style.transitionDuration},${style.animationName === 'none' ? '0s' : style.animationDuration}`;
        if (times.split(',').some((time) => parseFloat(time) > 0.01))
          told.add(element.getAttribute('class') ?? element.tagName);
      }
    return [...told];
  });

test('nothing moves for whoever asked for that', async () => {
  for (const reducedMotion of ['reduce', 'no-preference'] as const) {
    const { page, context } = await visit('agent', { reducedMotion });
    watch(page);
    const found: string[] = [];
    for (const [path, heading] of [
      ['/?queue=open', 'All open'],
      ['/tickets/new', 'New ticket'],
      ['/me/preferences', 'Your account'],
    ] as const) {
      await open(page, path, heading);
      found.push(...(await moving(page)));
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog', { name: 'Commands' }).waitFor();
      found.push(...(await moving(page)));
    }
    if (reducedMotion === 'reduce') expect(found).toEqual([]);
    else expect(found.length).toBeGreaterThan(0);
    await context.close();
  }
});

/** What a screen reader would have said since then: what was put into regions that are alive. */
const listen = (page: Page) =>
  page.evaluate(() => {
    const heard: string[] = [];
    (window as unknown as { heard: string[] }).heard = heard;
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) {
        if (type === 'childList' && addedNodes.length === 0) continue;
        const element = target instanceof Element ? target : target.parentElement;
        const region = element?.closest('[aria-live], [role="status"], [role="alert"], [role="log"]');
        if (region == null || region.closest('[aria-hidden="true"], [inert]') !== null) continue;
        const text =
          addedNodes.length > 0 ? [...addedNodes].map((one) => one.textContent).join('') : region.textContent;
        if (text !== '') heard.push(text);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
const heard = (page: Page) => page.evaluate(() => (window as unknown as { heard: string[] }).heard);

test('what comes and what was done is read out, also twice and over a dialog', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The clock is slow' });
  const { page, context } = await visit('agent');
  watch(page);
  const connected = new Promise<void>((done) => {
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (payload.includes('"ready"')) done();
      }),
    );
  });
  await open(page, `/tickets/${ticket.ticket_number}`, ticket.subject);
  await connected;
  await listen(page);
  for (const [at, said] of ['It is five minutes late.', 'Now it is six.'].entries()) {
    await desk.say('manager', ticket.id, said);
    await page.getByRole('article').getByText(said).waitFor();
    await expect
      .poll(async () => (await heard(page)).filter((one) => one === 'New message from Tomas Rivera').length)
      .toBe(at + 1);
  }
  await page.keyboard.press('e');
  await expect.poll(async () => (await heard(page)).join('\n')).toContain('is resolved');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  // What is said stays within reach.
  expect(
    await page
      .getByRole('region', { name: 'Messages' })
      .evaluate((one) => one.closest('[aria-hidden="true"], [inert]')),
  ).toBeNull();
  await context.close();
});

test('the page says in which language it is', async () => {
  for (const [locale, language, title] of [
    ['en-US', 'en', 'Sign in'],
    ['de-AT', 'de', 'Anmelden'],
    // Nobody has translated it yet: the words are English, and run as English does.
    ['ar-EG', 'en', 'Sign in'],
  ] as const) {
    const { page, context } = await visit(undefined, { locale });
    watch(page);
    await open(page, '/sign-in', title);
    const root = page.locator('html');
    expect(await root.getAttribute('lang')).toBe(language);
    expect(await root.evaluate((one) => getComputedStyle(one).direction)).toBe('ltr');
    await context.close();
  }
});

test('a language that runs from right to left would fit', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The map is mirrored' });
  const { page, context } = await visit('admin');
  watch(page);
  const told: string[] = [];
  for (const [path, heading] of [
    ['/?queue=open', 'All open'],
    [`/tickets/${ticket.ticket_number}`, ticket.subject],
    ['/tickets/new', 'New ticket'],
    ['/notifications', 'Notifications'],
    ['/admin/users', 'Users'],
    ['/admin/calendars/new', 'New calendar'],
    ['/workflows/new', /./],
  ] as const) {
    for (const width of [1280, 1024, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await open(page, path, heading);
      await page.evaluate(() => (document.documentElement.dir = 'rtl'));
      // What is cut would be looked at anew with its own words.
      const out = (await overflowing(page)).filter((one) => !one.includes(' is cut: '));
      told.push(...out.map((one) => `${path} at ${width}: ${one}`));
    }
  }
  expect(told).toEqual([]);
  await context.close();
});
