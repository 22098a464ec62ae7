import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';

openBrowser();

const soon = { timeout: 20_000 };

interface Response {
  id: string;
  title: string;
  own_uses: number;
}

const writing = (page: Page) => page.getByRole('textbox', { name: 'Reply' });
const options = (page: Page) => page.getByRole('listbox', { name: 'Canned responses and macros' }).getByRole('option');
const chosen = (page: Page) => page.locator('[role=option][aria-selected=true]');
const selected = (page: Page) =>
  page.evaluate(() => {
    const area = document.activeElement as HTMLTextAreaElement;
    return area.value.slice(area.selectionStart, area.selectionEnd);
  });

test('an answer is found by keys, filled in by the desk, undone, and counted once it is said', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The lock is frozen' });
  const response = await desk.ask<Response>('agent', 'POST', 'canned-responses', {
    title: 'Warm it up',
    shortcut: 'warm',
    content: 'Hello {{customer_name}},\nabout {{ticket_number}}: warm it up.\n{{agent_name}}',
  });
  const { page, faults, context } = await visit('agent');
  await page.goto(`/tickets/${ticket.ticket_number}`);
  await writing(page).waitFor();
  await page.keyboard.press('r');
  await page.keyboard.type('First: /');
  // What one uses most stands first, and Escape leaves what was written.
  await options(page).first().waitFor();
  expect(await page.getByRole('group', { name: 'Macros' }).getByRole('option').count()).toBeGreaterThan(0);
  await page.keyboard.press('Escape');
  await options(page).first().waitFor({ state: 'detached' });
  expect(await writing(page).inputValue()).toBe('First: /');
  // No word of a path or of a pair opens it.
  await page.keyboard.type(' and/or');
  expect(await options(page).count()).toBe(0);
  // Where nothing is found, Enter is what it is elsewhere, also before that is known.
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Look in /zzqqx');
  await page.keyboard.press('Enter');
  await expect.poll(() => writing(page).inputValue(), soon).toBe('Look in /zzqqx\n');
  // Typed and entered at once, before anything was found.
  await page.keyboard.press('Control+a');
  await page.keyboard.type('First: /warm');
  await page.keyboard.press('Enter');
  const text = `First: Hello Emma Hartley,\nabout ${ticket.ticket_number}: warm it up.\nAmelie Brandt`;
  await expect.poll(() => writing(page).inputValue(), soon).toBe(text);
  await page.keyboard.press('Control+z');
  await expect.poll(() => writing(page).inputValue(), soon).toBe('First: /warm');
  // Undone and said otherwise, it is not counted.
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Something else.');
  await page.keyboard.press('Control+Enter');
  await expect.poll(async () => (await desk.said(ticket.id)).length, soon).toBe(1);
  const uses = async () => (await desk.ask<Response>('agent', 'GET', `canned-responses/${response.id}`)).own_uses;
  expect(await uses()).toBe(0);

  // The button opens the same; what it put there goes with the list, and what was typed to find it with the answer.
  const button = page.getByRole('button', { name: 'Canned responses and macros (/)' });
  await writing(page).fill('Hi.');
  await button.click();
  await options(page).first().waitFor();
  expect(await writing(page).inputValue()).toBe('Hi. /');
  await page.keyboard.press('Escape');
  expect(await writing(page).inputValue()).toBe('Hi. ');
  await button.click();
  await page.keyboard.type('war');
  await chosen(page).getByText('Warm it up', { exact: true }).waitFor();
  await page.keyboard.press('Tab');
  await expect.poll(() => writing(page).inputValue(), soon).toContain('Hi. Hello Emma Hartley');
  await page.keyboard.press('Control+Enter');
  await expect.poll(uses, soon).toBe(1);
  expect(faults).toEqual([]);
  await context.close();
});

test('what the ticket lacks is marked, and is not sent unseen', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The parcel is late' });
  await desk.ask('agent', 'POST', 'canned-responses', {
    title: 'Two gaps',
    shortcut: 'gaps',
    content: 'Follow {{tracking_link}}, or call {{desk_phone}}.',
  });
  await desk.ask('agent', 'POST', 'canned-responses', { title: 'No gap', shortcut: 'nogap', content: 'All the best.' });
  const { page, faults, context } = await visit('agent');
  await page.goto(`/tickets/${ticket.ticket_number}`);
  await writing(page).waitFor();
  await page.keyboard.press('r');
  await page.keyboard.type('/gaps');
  await chosen(page).getByText('Missing: tracking_link, desk_phone').waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => writing(page).inputValue(), soon).toBe('Follow {{tracking_link}}, or call {{desk_phone}}.');
  // The first is ready to be written over.
  await expect.poll(() => selected(page), soon).toBe('{{tracking_link}}');
  await page.keyboard.type('https://post.example/1');
  await page.getByText('Still to be filled in: desk_phone').waitFor({ state: 'attached' });
  // Another answer that is undone takes nothing of that along.
  await page.keyboard.press('Control+End');
  const before = await writing(page).inputValue();
  await page.keyboard.type(' /nogap');
  await page.keyboard.press('Enter');
  await expect.poll(() => writing(page).inputValue(), soon).toContain('All the best.');
  await page.keyboard.press('Control+z');
  await expect.poll(() => writing(page).inputValue(), soon).toContain('/nogap');
  await page.getByText('Still to be filled in: desk_phone').waitFor({ state: 'attached' });
  // What undo brings back may be selected.
  while ((await writing(page).inputValue()).length > before.length) await page.keyboard.press('Backspace');
  // It is also known after the page was loaded anew, and gone to from the preview.
  await page.reload();
  await page.getByText('Still to be filled in: desk_phone').waitFor({ state: 'attached' });
  expect(await page.locator('mark').allTextContents()).toEqual(['{{desk_phone}}']);
  await page.getByRole('button', { name: 'Preview', exact: true }).click();
  await page.getByRole('button', { name: 'desk_phone' }).click();
  await expect.poll(() => selected(page), soon).toBe('{{desk_phone}}');
  await page.keyboard.press('Control+Enter');
  const question = page.getByRole('dialog', { name: 'Something is not filled in' });
  await question.waitFor();
  expect(await page.getByRole('article', { name: 'Sending soon' }).count()).toBe(0);
  // To fill it in is what Enter does.
  await page.keyboard.press('Enter');
  await expect.poll(() => selected(page), soon).toBe('{{desk_phone}}');
  await page.keyboard.press('Control+Enter');
  await question.getByRole('button', { name: 'Send anyway' }).click();
  await expect
    .poll(async () => (await desk.said(ticket.id)).map((one) => one.body), soon)
    .toEqual(['Follow https://post.example/1, or call {{desk_phone}}.']);
  expect(faults).toEqual([]);
  await context.close();
});

test('a response that is gone by then holds up nothing that was written with it', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The rack rattles' });
  const response = await desk.ask<Response>('agent', 'POST', 'canned-responses', {
    title: 'Soon gone',
    shortcut: 'gone',
    content: 'Tighten the {{category}} screws.',
  });
  const { page, faults, context } = await visit('agent');
  await page.goto(`/tickets/${ticket.ticket_number}`);
  await writing(page).waitFor();
  await page.keyboard.press('r');
  await page.keyboard.type('/gone');
  await chosen(page).getByText('Soon gone').waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => selected(page), soon).toBe('{{category}}');
  await page.keyboard.type('four');
  await desk.ask('agent', 'DELETE', `canned-responses/${response.id}`);
  await page.keyboard.press('Control+Enter');
  await expect
    .poll(async () => (await desk.said(ticket.id)).map((one) => one.body), soon)
    .toEqual(['Tighten the four screws.']);
  expect(faults).toEqual([]);
  await context.close();
});

test('a macro is looked at, done whole, and taken back', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The bell is gone', agent: 'agent' });
  await desk.ask('agent', 'POST', 'macros', {
    name: 'To the shelf',
    shortcut: 'shelf',
    visibility: 'private',
    actions: [
      { type: 'update_ticket', params: { status: 'on_hold', priority: 'low' } },
      { type: 'add_tags', params: { tags: ['shelf'] } },
    ],
  });
  const { page, faults, context } = await visit('agent');
  await page.goto(`/tickets/${ticket.ticket_number}`);
  await writing(page).waitFor();
  await page.keyboard.press('r');
  await page.keyboard.type('I write on. /shelf');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'To the shelf' });
  const changes = dialog.getByRole('region', { name: 'Changes' });
  await changes.getByText('On hold').waitFor();
  await changes.getByText('Low').waitFor();
  await changes.getByText('shelf').waitFor();
  expect(await desk.ticket(ticket.id)).toMatchObject({ status: 'open' });
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Status: On hold' }).waitFor();
  expect(await desk.ticket(ticket.id)).toMatchObject({ status: 'on_hold', priority: 'low', tags: ['shelf'] });
  expect(await writing(page).inputValue()).toBe('I write on. ');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => desk.ticket(ticket.id), soon).toMatchObject({ status: 'open', priority: 'medium', tags: [] });
  expect(faults).toEqual([]);
  await context.close();
});

test('a macro that can’t be done says why at what it does, and changes nothing', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The saddle creaks', agent: 'agent' });
  await desk.ask('agent', 'POST', 'macros', {
    name: 'Back in time',
    visibility: 'private',
    actions: [
      { type: 'add_comment', params: { body: 'Your {{category}} is late.' } },
      { type: 'snooze', params: { until: '2020-01-01T00:00:00Z' } },
    ],
  });
  await desk.ask('agent', 'POST', 'macros', {
    name: 'With a gap',
    visibility: 'private',
    actions: [{ type: 'add_comment', params: { body: 'Your {{category}} is late.', is_internal: true } }],
  });
  const { page, faults, context } = await visit('agent');
  await page.goto(`/tickets/${ticket.ticket_number}`);
  await writing(page).waitFor();
  const pick = async (name: string) => {
    await page.keyboard.press('m');
    await page.getByRole('combobox', { name: 'Apply a macro …' }).fill(name);
    await page.keyboard.press('Enter');
    return page.getByRole('dialog', { name });
  };
  const refused = await pick('Back in time');
  await refused.getByText('2. put off until').waitFor();
  expect(await refused.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
  await page.keyboard.press('Escape');
  await refused.waitFor({ state: 'detached' });

  // Somebody changes the ticket between the look and the press: one looks again.
  const gap = await pick('With a gap');
  await gap.getByText('The ticket has no value for category').waitFor();
  await page.route(
    '**/api/tickets/*/macros/*',
    async (route) => {
      await desk.change('manager', ticket.id, { category: 'Saddles' });
      await route.continue();
    },
    { times: 1 },
  );
  await gap.getByRole('button', { name: 'Apply without these values' }).click();
  await gap.getByText('The ticket has changed meanwhile').waitFor();
  await gap.getByText('Your Saddles is late.').waitFor();
  expect(await desk.said(ticket.id)).toEqual([]);
  await gap.getByRole('button', { name: 'Apply', exact: true }).click();
  await gap.waitFor({ state: 'detached' });
  await page.getByRole('article').getByText('Your Saddles is late.').waitFor();
  expect(await desk.said(ticket.id)).toMatchObject([{ body: 'Your Saddles is late.', is_internal: true }]);
  expect(faults).toEqual([]);
  await context.close();
});

test('one macro for many tickets: looked at on the first, and told of each', async () => {
  const desk = deskAt();
  const tickets = [];
  for (const subject of ['First of many', 'Second of many', 'Third of many'])
    tickets.push(await desk.add({ subject, tags: ['many'] }));
  await desk.change('agent', tickets[1]?.id ?? '', { category: 'Known' });
  await desk.ask('agent', 'POST', 'macros', {
    name: 'Tell them all',
    visibility: 'private',
    actions: [
      { type: 'add_comment', params: { body: 'About {{category}}.' } },
      { type: 'update_ticket', params: { priority: 'high' } },
    ],
  });
  const { page, faults, context } = await visit('agent');
  await page.goto('/?queue=open&tag=many');
  const rows = page.locator('[role=row][data-ticket]');
  await rows.nth(2).waitFor();
  for (const key of ['j', 'x', 'j', 'x', 'j', 'x']) await page.keyboard.press(key);
  await page.getByRole('button', { name: 'Apply a macro' }).waitFor();
  await page.keyboard.press('m');
  await page.getByPlaceholder('Apply a macro…').fill('tell them');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Tell them all' });
  await dialog.getByText('High').waitFor();
  await dialog.getByRole('button', { name: 'Apply to 3 tickets' }).click();
  await page.getByText('“Tell them all” was applied to 1 ticket').waitFor();
  const outcome = page.getByRole('dialog', { name: 'Not all tickets were changed' });
  await outcome.getByText('1 ticket was changed, 2 not:').waitFor();
  await outcome.getByText('First of many').waitFor();
  await outcome.getByText('Third of many').waitFor();
  const now = await Promise.all(tickets.map(({ id }) => desk.ticket(id)));
  expect(now.map(({ priority }) => priority)).toEqual(['medium', 'high', 'medium']);
  // Those that were refused are still chosen, and are done when one says so.
  await outcome.getByRole('button', { name: 'Close' }).last().click();
  await page.keyboard.press('m');
  await page.getByPlaceholder('Apply a macro…').fill('tell them');
  await page.keyboard.press('Enter');
  await dialog.getByLabel('Also where a ticket lacks').check();
  // No answer comes, though it is done: to go on repeats nothing.
  await page.route(
    '**/api/tickets/bulk',
    async (route) => {
      await route.fetch();
      await route.abort();
    },
    { times: 1 },
  );
  await dialog.getByRole('button', { name: 'Apply to 2 tickets' }).click();
  await dialog.getByText('Nothing was heard of some of them').waitFor();
  expect(await dialog.getByLabel('Also where a ticket lacks').isDisabled()).toBe(true);
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('“Tell them all” was applied to 2 tickets').waitFor();
  expect((await Promise.all(tickets.map(({ id }) => desk.ticket(id)))).map(({ priority }) => priority)).toEqual([
    'high',
    'high',
    'high',
  ]);
  expect((await Promise.all(tickets.map(({ id }) => desk.said(id)))).map((said) => said.length)).toEqual([1, 1, 1]);
  expect(faults).toEqual([]);
  await context.close();
});

test('an agent writes a canned response and a macro of their own, and uses what is everybody’s', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The pedal is loose', agent: 'agent' });
  const { page, faults, context } = await visit('agent');
  await page.goto('/admin/canned-responses/new');
  await page.getByLabel('Title').fill('Tighten the pedal');
  await page.getByLabel('Shortcut').fill('pedal');
  const text = page.getByRole('textbox', { name: 'Text', exact: true });
  await text.fill('About ');
  await page.getByRole('searchbox', { name: 'Find a value' }).fill('ticket_number');
  await page.getByRole('button', { name: /^ticket_number/ }).click();
  await page.keyboard.type(' and {{torque}}.');
  // With everybody an agent shares nothing.
  expect(await page.getByLabel('Who has it').locator('option').allTextContents()).not.toContain('All staff');
  await page.keyboard.press('Control+s');
  await page.waitForURL(/\/admin\/canned-responses\/[0-9a-f-]{36}/);
  await page.getByText('No ticket has a value for {{torque}}').waitFor();
  await page.getByLabel('Ticket', { exact: true }).fill(ticket.ticket_number);
  await page
    .getByRole('region', { name: 'Preview' })
    .getByText(`About ${ticket.ticket_number} and {{torque}}.`)
    .waitFor();

  await page.goto('/admin/canned-responses');
  await page.getByRole('searchbox', { name: 'Find' }).fill('pasword');
  await page.getByRole('link', { name: 'Password Reset Instructions' }).click();
  await page.getByText('You can use it, but not change it.').waitFor();
  expect(await page.getByRole('button', { name: 'Delete' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Copy it for me' }).click();
  await page.getByRole('textbox', { name: 'Text', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('The canned response is deleted.').waitFor();

  await page.goto('/admin/macros/new');
  await page.getByLabel('Name').fill('Mine now');
  await page
    .getByRole('group', { name: 'Action 1: Write a comment' })
    .getByLabel('What it does')
    .selectOption('assign_ticket');
  await page.getByLabel('Agent').selectOption('me');
  await page.keyboard.press('Control+s');
  await page.waitForURL(/\/admin\/macros\/[0-9a-f-]{36}/);
  const made = await desk.ask<{ items: { name: string; visibility: string; actions: unknown[] }[] }>(
    'agent',
    'GET',
    'macros',
  );
  expect(made.items.find((one) => one.name === 'Mine now')).toMatchObject({
    visibility: 'private',
    actions: [{ type: 'assign_ticket', params: { agent_id: 'me' } }],
  });
  // What is wrong stands where it is, and what was written stays.
  await page.getByRole('button', { name: 'Add action' }).click();
  expect(await page.getByRole('menuitem').allTextContents()).not.toContain('Call a webhook');
  await page.getByRole('menuitem', { name: 'Write a comment' }).click();
  await page.getByLabel('Comment').fill('{{nothing}} here');
  await page.keyboard.press('Control+s');
  await page.getByText('nothing').last().waitFor();
  expect(await page.getByLabel('Comment').inputValue()).toBe('{{nothing}} here');
  await page.getByLabel('Comment').fill('{{agent_name}} here');
  await page.keyboard.press('Control+s');
  await page.getByText('Saved.').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('canned responses go out as a file and come in again', async () => {
  const { page, faults, context } = await visit('admin');
  await page.goto('/admin/canned-responses');
  const file = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  expect((await file).suggestedFilename()).toBe('canned-responses.json');
  await page.getByRole('button', { name: 'Import' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import canned responses' });
  const give = (content: unknown) =>
    dialog.getByLabel('File').setInputFiles({
      name: 'some.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify({ canned_responses: [content] })),
    });
  await give({ title: 'From a file', content: '{{#if}}', visibility: 'all' });
  await dialog.getByText('It can’t be imported:').waitFor();
  await dialog.getByText('canned_responses[0].content').waitFor();
  await give({ title: 'From a file', content: 'Hello', visibility: 'all' });
  await dialog.getByRole('heading', { name: 'New' }).waitFor();
  await dialog.getByRole('button', { name: 'Import' }).click();
  await page.getByText('One canned response was imported.').waitFor();
  await page.getByRole('link', { name: 'From a file' }).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});
