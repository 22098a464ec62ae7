import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';
import { around, goTo } from './focus';
import { open, watch } from './screens';
import { PASSWORD, PEOPLE } from './server';

openBrowser();

const soon = { timeout: 10_000 };
const isFocused = (target: Locator) =>
  expect.poll(() => target.evaluate((one) => one === document.activeElement), soon).toBe(true);

async function signIn(page: Page, email: string): Promise<void> {
  await open(page, '/sign-in', 'Sign in');
  await isFocused(page.getByLabel('Email'));
  await page.keyboard.type(email);
  await goTo(page, page.getByLabel('Password', { exact: true }));
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
}

test('an agent does a day’s work by the keyboard alone', async () => {
  const desk = deskAt();
  const subjects = ['A bell does not ring', 'A bell rings all night', 'A bell is gone'];
  for (const subject of subjects) await desk.add({ subject, tags: ['bells'], agent: 'agent' });
  const { page, faults, context } = await visit(undefined);
  watch(page);
  await signIn(page, PEOPLE.agent);
  await open(page, '/?queue=open&tag=bells', 'All open');
  const rows = page.locator('[role=row][data-ticket]');
  await rows.nth(2).waitFor();

  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await isFocused(skip);
  expect((await skip.boundingBox())?.y).toBeGreaterThanOrEqual(0);
  await page.keyboard.press('Enter');
  await isFocused(page.getByRole('main'));

  for (const [key, at] of [
    ['j', 0],
    ['j', 1],
    ['j', 2],
    ['k', 1],
  ] as const) {
    await page.keyboard.press(key);
    await isFocused(rows.nth(at));
    expect(await rows.nth(at).evaluate((row) => getComputedStyle(row).outlineStyle)).toBe('solid');
  }
  await page.keyboard.press('x');
  await page.getByRole('toolbar').getByText('1 selected').waitFor();
  await page.keyboard.press('s');
  const statuses = page.getByRole('dialog', { name: 'Status' });
  await statuses.getByRole('menuitem').first().waitFor();
  await page.keyboard.press('Escape');
  await statuses.waitFor({ state: 'hidden' });
  await isFocused(rows.nth(1));
  await page.keyboard.press('Escape');
  await page.getByRole('toolbar').waitFor({ state: 'hidden' });
  await isFocused(rows.nth(1));

  const subject = (await rows.nth(1).getByRole('link').textContent()) ?? '';
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: subject, exact: true }).waitFor();
  const number = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await page.keyboard.press('r');
  const reply = page.getByRole('textbox', { name: 'Reply' });
  await isFocused(reply);
  await page.keyboard.type('We have a new one.');
  await goTo(page, page.getByRole('button', { name: 'Send', exact: true }));
  await page.keyboard.press('Enter');
  await page.getByRole('article', { name: 'Sending soon' }).waitFor();

  const status = page.getByRole('button', { name: /^Status: / });
  await goTo(page, status);
  await page.keyboard.press('Enter');
  await page.getByRole('menuitemradio', { name: 'Open' }).waitFor();
  const wanted = page.getByRole('menuitemradio', { name: 'On hold' });
  await goTo(page, wanted, 'ArrowDown');
  expect(await wanted.evaluate((one) => getComputedStyle(one).outlineStyle)).toBe('solid');
  await page.keyboard.press('Enter');
  await isFocused(status);
  await expect.poll(() => desk.ticket(number), soon).toMatchObject({ status: 'on_hold' });

  for (const [key, dialog] of [
    ['Control+k', page.getByRole('dialog', { name: 'Commands' })],
    ['?', page.getByRole('dialog', { name: 'Keys' })],
    ['l', page.getByRole('dialog').filter({ has: page.getByRole('combobox') })],
  ] as const) {
    await page.keyboard.press(key);
    await dialog.waitFor();
    await expect.poll(() => dialog.evaluate((one) => one.contains(document.activeElement)), soon).toBe(true);
    // What lies below is out of reach while it is there.
    for (let steps = 0; steps < 5; steps += 1) {
      await page.keyboard.press('Tab');
      expect(await dialog.evaluate((one) => one.contains(document.activeElement))).toBe(true);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await isFocused(status);
  }

  await goTo(page, page.getByRole('button', { name: /account, theme/ }), 'Shift+Tab');
  await page.keyboard.press('ArrowDown');
  await page.getByRole('menuitemradio', { name: 'Online' }).waitFor();
  await page.keyboard.press('Escape');
  await isFocused(page.getByRole('button', { name: /account, theme/ }));

  await page.keyboard.press('Control+k');
  await isFocused(page.getByRole('combobox', { name: 'What do you want to do?' }));
  await page.keyboard.type('unassig');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Unassigned' }).waitFor();
  await expect.poll(async () => (await desk.said(number)).map((one) => one.body), soon).toEqual(['We have a new one.']);
  expect(faults).toEqual([]);
  await context.close();
});

test('a customer asks and answers by the keyboard alone', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The horn is too quiet' });
  const { page, faults, context } = await visit(undefined);
  watch(page);
  await signIn(page, PEOPLE.customer);
  await page.getByRole('heading', { level: 1, name: 'My tickets' }).waitFor();
  await goTo(page, page.getByRole('link', { name: ticket.subject }));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: ticket.subject }).waitFor();
  await goTo(page, page.getByRole('textbox', { name: 'Reply' }));
  await page.keyboard.type('Nobody hears it.');
  await goTo(page, page.getByRole('button', { name: 'Send', exact: true }));
  await page.keyboard.press('Enter');
  await page.getByRole('article', { name: 'Sending soon' }).waitFor();

  await goTo(page, page.getByRole('banner').getByRole('link', { name: 'New ticket' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  const subject = page.getByRole('textbox', { name: 'Subject' });
  await isFocused(subject);
  await page.keyboard.type('May I have a bell?');
  await goTo(page, page.getByRole('textbox', { name: 'Description' }));
  await page.keyboard.type('A loud one.');
  await goTo(page, page.getByRole('button', { name: /^Send/ }));
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/tickets\/TKT-/);
  await page.getByRole('heading', { level: 1, name: 'May I have a bell?' }).waitFor();
  await expect
    .poll(async () => (await desk.said(ticket.id)).map((one) => one.body), soon)
    .toEqual(['Nobody hears it.']);
  expect(faults).toEqual([]);
  await context.close();
});

test.each([
  ['agent', '/?queue=open', 'All open'],
  ['agent', '/tickets/new', 'New ticket'],
  ['agent', '/notifications', 'Notifications'],
  ['agent', '/me/preferences', 'Your account'],
  ['admin', '/workflows/new', /./],
  ['admin', '/admin/users', 'Users'],
  ['admin', '/admin/calendars/new', 'New calendar'],
  ['admin', '/admin/sla-policies/new', 'New policy'],
  ['admin', '/admin/webhooks/new', /./],
  ['customer', '/', 'My tickets'],
] as const)('whoever goes around by Tab sees where they are: %s at %s', async (who, path, heading) => {
  const { page, context } = await visit(who);
  watch(page);
  await open(page, path, heading);
  expect(await around(page)).toEqual([]);
  await context.close();
});
