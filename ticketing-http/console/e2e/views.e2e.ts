/** Views: the lists of the sidebar, how one looks at them, and how they are made. */
import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';
import type { PEOPLE } from './server';

openBrowser();

type Person = keyof typeof PEOPLE;

interface View {
  id: string;
  name: string;
  version: number;
  conditions: unknown[];
  sort: string | null;
  columns: string[];
  visibility: string;
  is_broken: boolean;
  icon: string | null;
}

const desk = deskAt();
const soon = { timeout: 15_000, interval: 100 };
const rail = (page: Page) => page.getByRole('navigation').getByRole('region', { name: 'Tickets' });
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
const row = (page: Page, subject: string) => page.locator('[role=row][data-ticket]').filter({ hasText: subject });
const viewsOf = async (person: Person) =>
  (await desk.ask<{ items: View[] }>(person, 'GET', 'views?hidden=true&limit=100')).items;
const viewOf = async (person: Person, name: string) => (await viewsOf(person)).find((view) => view.name === name);
const tagged = (tag: string) => [{ field: 'tags', operator: 'contains', value: tag }];

/** Files share a desk: what was made here is taken away again. */
const made: [Person, string][] = [];
async function make(person: Person, body: Partial<View> & { name: string }): Promise<View> {
  const view = await desk.ask<View>(person, 'POST', 'views', { visibility: 'private', conditions: [], ...body });
  made.push([person, view.name]);
  return view;
}
afterEach(async () => {
  for (const [person, name] of made.splice(0)) {
    const view = await viewOf(person, name);
    if (view !== undefined) await fetchGone(person, view.id);
  }
});
/** Nothing is answered where something is gone, which is no JSON. */
const fetchGone = (person: Person, id: string) => desk.ask(person, 'DELETE', `views/${id}`).catch(() => undefined);

test('the sidebar has the views in their order; the list does not wait for counts, and old addresses go on', async () => {
  await desk.add({ subject: 'Seen without counts', tags: ['countless'], agent: 'agent' });
  const { page, faults, context } = await visit('agent');
  await page.route('**/api/views/counts', () => undefined);
  await page.goto('/?queue=open&tag=countless');
  await heading(page, 'All open');
  await row(page, 'Seen without counts').waitFor();
  const known = (await viewsOf('agent')).map(({ name }) => name);
  expect(known.slice(0, 2)).toEqual(['Mine', 'Unassigned']);
  await expect.poll(() => rail(page).getByRole('listitem').allTextContents(), soon).toEqual(known);
  expect(await rail(page).locator('[aria-current=page]').textContent()).toBe('All open');

  await page.unroute('**/api/views/counts');
  await page.reload();
  await expect
    .poll(
      () =>
        rail(page)
          .getByRole('link', { name: /^Mine \d+\+?$/ })
          .count(),
      soon,
    )
    .toBe(1);
  await page.keyboard.press('g');
  await page.keyboard.press('2');
  await heading(page, 'Unassigned');
  expect(new URL(page.url()).search).toBe('?view=unassigned');
  expect(faults).toEqual([]);
  await context.close();
});

test('a desk without views shows all tickets', async () => {
  await desk.add({ subject: 'One of all', tags: ['viewless'] });
  const { page, faults, context } = await visit('agent');
  await page.route('**/api/views?*', (route) => route.fulfill({ json: { items: [], next_cursor: null } }));
  await page.goto('/');
  await heading(page, 'All');
  await rail(page).getByRole('link', { name: 'All', exact: true }).waitFor();
  await row(page, 'One of all').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('how one looks at a list becomes a view, is changed and set back', async () => {
  await desk.add({ subject: 'The important one', tags: ['kept-look'], agent: 'agent' });
  const other = await desk.add({ subject: 'The other one', tags: ['kept-look'], agent: 'agent' });
  await desk.change('agent', other.id, { priority: 'low' });
  const { page, faults, context } = await visit('agent');
  await page.goto('/?view=mine&tag=kept-look&sort=-priority');
  await row(page, 'The other one').waitFor();
  // The view is everybody's, and no agent's to change.
  await page.getByRole('button', { name: 'Save as view' }).waitFor();
  expect(await page.getByRole('button', { name: 'Save changes' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Save as view' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save as view' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Required').or(dialog.locator('[aria-invalid=true]')).first().waitFor();
  made.push(['agent', 'Kept as I look']);
  await dialog.getByLabel('Name').fill('Kept as I look');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await heading(page, 'Kept as I look');
  await rail(page)
    .getByRole('link', { name: /^Kept as I look/ })
    .waitFor();
  await row(page, 'The important one').waitFor();
  const kept = await viewOf('agent', 'Kept as I look');
  expect(kept).toMatchObject({ visibility: 'private', sort: '-priority' });
  expect(kept?.conditions.at(-1)).toEqual({ field: 'tags', operator: 'in', value: ['kept-look'] });
  expect(new URL(page.url()).search).toBe(`?view=${kept?.id}`);

  await page.goto(`/?view=${kept?.id}&priority=low&columns=status,channel`);
  await row(page, 'The other one').waitFor();
  expect(await row(page, 'The important one').count()).toBe(0);
  await page.getByRole('columnheader', { name: 'Channel' }).waitFor();
  await page.getByRole('button', { name: 'Reset' }).click();
  await row(page, 'The important one').waitFor();
  await page.goto(`/?view=${kept?.id}&priority=low&columns=status,channel`);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect
    .poll(async () => (await viewOf('agent', 'Kept as I look'))?.columns, soon)
    .toEqual(['status', 'channel']);
  await page.waitForURL((url) => !url.searchParams.has('priority'));
  await row(page, 'The other one').waitFor();
  expect(await row(page, 'The important one').count()).toBe(0);
  expect(faults).toEqual([]);
  await context.close();
});

test('what somebody else has changed of a view meanwhile is not written over', async () => {
  const view = await make('agent', { name: 'Changed twice', conditions: tagged('twice') });
  const { page, context } = await visit('agent');
  await page.goto(`/?view=${view.id}&priority=high`);
  await page.getByRole('button', { name: 'Save changes' }).waitFor();
  await desk.ask('agent', 'PATCH', `views/${view.id}`, { sort: 'status' });
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Somebody has changed this view meanwhile').waitFor();
  expect((await viewOf('agent', 'Changed twice'))?.conditions).toEqual(tagged('twice'));
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect.poll(async () => (await viewOf('agent', 'Changed twice'))?.conditions.length, soon).toBe(2);
  expect((await viewOf('agent', 'Changed twice'))?.sort).toBe('status');
  await context.close();
});

test('a manager writes a view by the keyboard, sees how many tickets it holds, and deletes it', async () => {
  const { page, faults, context } = await visit('manager');
  await page.goto('/views');
  await heading(page, 'Views');
  await page.keyboard.press('n');
  await heading(page, 'New view');
  made.push(['manager', 'For the teams of all']);
  await page.getByLabel('Name', { exact: true }).fill('For the teams of all');
  await page.getByLabel('Who sees it', { exact: true }).selectOption({ label: 'Everybody' });
  await page.getByText(/^(More than )?\d+ tickets$/).waitFor();
  await page.getByRole('button', { name: 'Add condition' }).press('Enter');
  const condition = page.getByRole('group', { name: 'Condition 1' });
  await condition.getByLabel('Field').selectOption({ label: 'Team' });
  await condition.getByRole('combobox').last().fill('My te');
  await page.getByRole('option', { name: 'My teams' }).click();
  await page.getByText('How many tickets there are is counted once it is saved.').waitFor();
  expect(await condition.getByLabel('Operator').locator('option', { hasText: 'changed' }).count()).toBe(0);
  await page.keyboard.press('Control+s');
  await heading(page, 'For the teams of all');
  expect(await viewOf('agent', 'For the teams of all')).toMatchObject({
    visibility: 'all',
    conditions: [{ field: 'team_id', operator: 'equals', value: 'my_teams' }],
  });
  await page.getByText(/^\d+ tickets?$/).waitFor();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await heading(page, 'Views');
  await expect.poll(() => viewOf('manager', 'For the teams of all'), soon).toBeUndefined();
  await expect.poll(() => rail(page).getByText('For the teams of all').count(), soon).toBe(0);
  expect(faults).toEqual([]);
  await context.close();
});

test('conditions are typed as anything else, and the name beside them', async () => {
  const view = await make('agent', { name: 'Typed at once', conditions: tagged('ty') });
  const { page, faults, context } = await visit('agent');
  await page.goto(`/views/${view.id}`);
  const condition = page.getByRole('group', { name: 'Condition 1' });
  await condition.getByLabel('Field').selectOption({ label: 'Subject' });
  await condition.getByLabel('Value').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('ferry');
  expect(await condition.getByLabel('Value').inputValue()).toBe('ferry');
  await page.getByLabel('Name', { exact: true }).press('End');
  await page.keyboard.type(', and on');
  made.push(['agent', 'Typed at once, and on']);
  await page.keyboard.press('Control+s');
  await expect
    .poll(async () => (await viewOf('agent', 'Typed at once, and on'))?.conditions, soon)
    .toMatchObject([{ field: 'subject', value: 'ferry' }]);
  expect(faults).toEqual([]);
  await context.close();
});

test('how long something may be ahead is typed anew', async () => {
  const due = { field: 'sla_due_at', operator: 'less_than', value: 'now+4h' };
  const view = await make('agent', { name: 'Due ahead', conditions: [due] });
  const { page, faults, context } = await visit('agent');
  await page.goto(`/views/${view.id}`);
  const hours = page.getByRole('group', { name: 'Condition 1' }).getByRole('spinbutton');
  await hours.click();
  await page.keyboard.press('Backspace');
  await page.keyboard.type('12');
  await page.keyboard.press('Control+s');
  await expect
    .poll(async () => (await viewOf('agent', view.name))?.conditions, soon)
    .toEqual([{ ...due, value: 'now+12h' }]);
  expect(faults).toEqual([]);
  await context.close();
});

test('whoever scrolls on in a view that is another one by now is told so, and sees it', async () => {
  // Of nobody's: an agent would be told of each.
  for (let n = 0; n < 60; n++) await desk.add({ subject: `Long list ${n}`, tags: ['long-view'] });
  const view = await make('manager', { name: 'Changed while read', conditions: tagged('long-view') });
  const { page, context } = await visit('manager');
  await page.goto(`/?view=${view.id}`);
  await row(page, 'Long list 59').waitFor();
  await desk.ask('manager', 'PATCH', `views/${view.id}`, { sort: 'created_at' });
  await page
    .locator('[role=row][data-ticket]')
    .first()
    .click({ position: { x: 200, y: 5 }, modifiers: ['Control'] });
  await page.keyboard.press('End');
  const again = page.getByRole('button', { name: 'This list may be out of date' });
  await again.waitFor();
  await again.click();
  await row(page, 'Long list 0').first().waitFor();
  await again.waitFor({ state: 'detached' });
  await context.close();
});

test('lists are in the order of the desk’s own fields', async () => {
  const field = await desk.ask<{ id: string }>('admin', 'POST', 'custom-fields', {
    key: 'seats_sorted',
    label: 'Seats',
    field_type: 'number',
  });
  try {
    for (const seats of [9, 10, 2]) {
      const ticket = await desk.add({ subject: `Seats for ${seats}`, tags: ['seated'], agent: 'agent' });
      await desk.ask('agent', 'PATCH', `tickets/${ticket.id}`, { custom_fields: { seats_sorted: seats } });
    }
    const { page, faults, context } = await visit('agent');
    await page.goto('/?view=all&tag=seated');
    await page.getByRole('button', { name: 'Display' }).click();
    const dialog = page.getByRole('dialog', { name: 'Display' });
    await dialog.getByLabel('Order').first().selectOption({ label: 'Seats' });
    await page.keyboard.press('Escape');
    const subjects = () =>
      page
        .locator('[role=row][data-ticket]')
        .allInnerTexts()
        .then((texts) => texts.map((text) => /Seats for (\d+)/.exec(text)?.[1]));
    await expect.poll(subjects, soon).toEqual(['10', '9', '2']);
    expect(new URL(page.url()).searchParams.get('sort')).toBe('-custom_fields.seats_sorted');
    expect(faults).toEqual([]);
    await context.close();
  } finally {
    await desk.ask('admin', 'DELETE', `custom-fields/${field.id}`).catch(() => undefined);
  }
});

test('a picture that nobody has is none', async () => {
  const view = await make('agent', { name: 'Strange picture', icon: 'constructor' });
  const { page, faults, context } = await visit('agent');
  await page.goto(`/?view=${view.id}`);
  await rail(page).getByText('Strange picture').waitFor();
  await page.goto(`/views/${view.id}`);
  await page.getByLabel('Picture').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('what a desk begins with is put away and brought back, and views are moved', async () => {
  const { page, faults, context } = await visit('manager');
  await page.goto('/views');
  await page.getByRole('main').getByRole('link', { name: 'Waiting on customer', exact: true }).click();
  await heading(page, 'Waiting on customer');
  expect(await page.getByLabel('Who sees it', { exact: true }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Put away' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Put away' }).click();
  await heading(page, 'Views');
  await expect.poll(() => rail(page).getByText('Waiting on customer').count(), soon).toBe(0);
  await page.getByRole('button', { name: 'Bring back' }).click();
  await rail(page).getByText('Waiting on customer').waitFor();

  const first = await make('manager', { name: 'First to move' });
  await make('manager', { name: 'Second to stay' });
  await page.reload();
  await page.getByRole('button', { name: 'Move “First to move” down' }).press('Enter');
  await page.getByRole('status').filter({ hasText: 'First to move is now number' }).waitFor();
  const names = (await viewsOf('manager')).map(({ name }) => name);
  expect(names.indexOf(first.name)).toBe(names.indexOf('Second to stay') + 1);
  expect(faults).toEqual([]);
  await context.close();
});

test('a view that asks for a field that is gone says so', async () => {
  const field = await desk.ask<{ id: string; version: number }>('admin', 'POST', 'custom-fields', {
    key: 'short_lived',
    label: 'Short-lived',
    field_type: 'text',
  });
  const view = await make('agent', {
    name: 'Of what is gone',
    conditions: [{ field: 'custom_fields.short_lived', operator: 'equals', value: 'x' }],
  });
  await desk.ask('admin', 'DELETE', `custom-fields/${field.id}`).catch(() => undefined);
  await expect.poll(async () => (await viewOf('agent', view.name))?.is_broken, soon).toBe(true);
  const { page, faults, context } = await visit('agent');
  await page.goto(`/?view=${view.id}`);
  await page.getByText('The field “short_lived” is not there any more.').waitFor();
  await rail(page)
    .getByRole('img', { name: 'not there any more' })
    .or(rail(page).getByLabel('not there any more'))
    .first()
    .waitFor();
  await page.getByRole('link', { name: 'Change the view' }).click();
  await heading(page, 'Of what is gone Does not work');
  await page.getByText('The field “short_lived” is not there any more.').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('what happens comes into a view, also into one that only the desk can judge', async () => {
  const judged = await make('agent', { name: 'Judged here', conditions: tagged('comes-in') });
  const asked = await make('agent', {
    name: 'Judged there',
    conditions: [{ field: 'description', operator: 'contains', value: 'comes in twice' }],
  });
  const agent = await visit('agent');
  await agent.page.goto(`/?view=${judged.id}`);
  await agent.page.getByText('This view has no tickets').waitFor();
  const elsewhere = await agent.context.newPage();
  await elsewhere.goto(`/?view=${asked.id}`);
  await elsewhere.getByText('This view has no tickets').waitFor();
  const ticket = await desk.add({ subject: 'comes in twice', tags: ['comes-in'], agent: 'agent' });
  await row(agent.page, 'comes in twice').waitFor();
  await elsewhere.bringToFront();
  await row(elsewhere, 'comes in twice').waitFor({ timeout: 40_000 });
  await agent.page.bringToFront();
  await desk.change('agent', ticket.id, { tags: [] });
  await agent.page.getByRole('row', { name: /no longer in this list/ }).waitFor();
  expect(agent.faults).toEqual([]);
  await agent.context.close();
});
