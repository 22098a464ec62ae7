/** What is written is neither lost nor made twice: answers that come late or never, and what somebody else did. */
import type { Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';

openBrowser();

interface Named {
  id: string;
  name: string;
}

const named = async (path: string, name: string) =>
  (await deskAt().ask<{ items: Named[] }>('admin', 'GET', `${path}?limit=100`)).items.filter(
    (one) => one.name === name,
  );

/** The next such request is held until it is let go. */
async function held(page: Page, method: string, path: string): Promise<() => Promise<void>> {
  let letGo: () => void = () => undefined;
  const gone = new Promise<void>((done) => (letGo = done));
  const take = async (route: Route) => {
    if (route.request().method() !== method) return route.fallback();
    await gone;
    await route.fallback();
  };
  await page.route(path, take);
  return async () => {
    letGo();
    await page.unroute(path, take);
  };
}

/** The answer to the first such request is lost; answers the keys of all. */
async function loseFirst(page: Page, path: string): Promise<string[]> {
  const keys: string[] = [];
  await page.route(path, async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    keys.push((await route.request().headerValue('idempotency-key')) ?? '');
    if (keys.length > 1) return route.fallback();
    await route.fetch();
    await route.abort();
  });
  return keys;
}

const ruleName = (page: Page) => page.getByLabel('Name', { exact: true });
const rule = (name: string) => ({
  name,
  trigger_type: 'ticket_created',
  trigger_conditions: [],
  actions: [{ type: 'add_tags', params: { tags: ['seen'] } }],
  is_active: false,
});
const addRule = (name: string) => deskAt().ask<Named & { version: number }>('admin', 'POST', 'workflows', rule(name));

/** Writes a new rule as text, which is quicker than by its form. */
async function writeRule(page: Page, name: string): Promise<void> {
  await page.goto('/workflows/new?as=text');
  await page.getByLabel('Workflow as JSON').fill(JSON.stringify(rule(name)));
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

test('a workflow is made once, though its answer was lost, and the next new one is blank', async () => {
  const { page, faults, context } = await visit('admin');
  await writeRule(page, 'Made once');
  const keys = await loseFirst(page, '**/api/workflows');
  const create = page.getByRole('button', { name: 'Create workflow' });
  await create.click();
  await page.getByText('The server can’t be reached').waitFor();
  await create.click();
  await page.getByText('Version 1', { exact: true }).waitFor();
  await page.waitForURL((url) => !url.pathname.endsWith('/new'));
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
  expect(await named('workflows', 'Made once')).toHaveLength(1);

  await page.getByRole('link', { name: 'All workflows' }).click();
  await page.getByRole('link', { name: 'New workflow' }).click();
  await page.getByRole('heading', { level: 1, name: 'New workflow' }).waitFor();
  expect(await ruleName(page).inputValue()).toBe('');
  expect(await page.evaluate(() => localStorage.getItem('workflow-draft:new'))).toBeNull();

  // What was discarded asks nobody who leaves.
  await ruleName(page).fill('Never mind');
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('link', { name: 'All workflows' }).click();
  await page.getByRole('heading', { level: 1, name: 'Workflows' }).waitFor();
  expect(await page.evaluate(() => localStorage.getItem('workflow-draft:new'))).toBeNull();
  expect(faults).toEqual([]);
  await context.close();
});

test('what is typed while something is saved is still there after', async () => {
  const { page, faults, context } = await visit('admin');
  await writeRule(page, 'Typed on');
  await page.getByRole('button', { name: 'Form', exact: true }).click();
  const letMade = await held(page, 'POST', '**/api/workflows');
  await page.getByRole('button', { name: 'Create workflow' }).click();
  await ruleName(page).fill('Typed on and on');
  await letMade();
  await page.getByText('Version 1', { exact: true }).waitFor();
  expect(await ruleName(page).inputValue()).toBe('Typed on and on');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Version 2', { exact: true }).waitFor();
  await page.waitForURL((url) => !url.pathname.endsWith('/new'));
  expect(await named('workflows', 'Typed on and on')).toHaveLength(1);

  const letSaved = await held(page, 'PATCH', '**/api/workflows/*');
  await ruleName(page).fill('Typed');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await ruleName(page).fill('Typed once more');
  await letSaved();
  await page.getByText('Version 3', { exact: true }).waitFor();
  expect(await ruleName(page).inputValue()).toBe('Typed once more');

  await page.goto('/admin/organizations/new');
  const name = page.getByLabel('Name', { exact: true });
  await name.fill('Halden Ferries');
  const letOne = await held(page, 'POST', '**/api/organizations');
  await page.getByRole('button', { name: 'Create' }).click();
  await name.fill('Halden Ferries AS');
  await letOne();
  await page.getByText('Created.').waitFor();
  expect(await name.inputValue()).toBe('Halden Ferries AS');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('heading', { level: 2, name: 'Halden Ferries AS' }).waitFor();
  expect(await named('organizations', 'Halden Ferries AS')).toHaveLength(1);

  await page.goto('/me');
  const mine = page.getByLabel('Name', { exact: true });
  const before = await mine.inputValue();
  const letMe = await held(page, 'PATCH', '**/api/auth/me');
  await mine.fill('Ingrid S.');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await mine.fill(before);
  await letMe();
  await page.getByText('Your profile is saved.').waitFor();
  expect(await mine.inputValue()).toBe(before);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => deskAt().ask('admin', 'GET', 'auth/me')).toMatchObject({ name: before });
  expect(faults).toEqual([]);
  await context.close();
});

test('a key whose answer was lost is not made twice, and one is told so', async () => {
  const { page, faults, context } = await visit('admin');
  await page.goto('/me/keys');
  await page.getByRole('button', { name: 'New key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Nightly report');
  const keys = await loseFirst(page, '**/api/api-keys');
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  await dialog.getByText('The server can’t be reached').waitFor();
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  await dialog.getByText('was lost on its way here').waitFor();
  expect(new Set(keys).size).toBe(1);
  expect(await named('api-keys', 'Nightly report')).toHaveLength(1);
  // Another one is meant now.
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  await dialog.getByText('It is shown this once.').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('whoever heard no answer sets the password by the same link again', async () => {
  const { page, faults, context } = await visit(undefined);
  const keys: string[] = [];
  // A real link is good once; what the desk does with its key is tried where it is made.
  await page.route('**/api/auth/password/reset', async (route) => {
    keys.push((await route.request().headerValue('idempotency-key')) ?? '');
    await (keys.length === 1 ? route.abort() : route.fulfill({ status: 204 }));
  });
  await page.goto('/reset?token=of-a-mail');
  await page.getByLabel('New password', { exact: true }).fill('a-long-password-2026');
  const set = page.getByRole('button', { name: 'Set the password' });
  await set.click();
  await page.getByText('The server can’t be reached').waitFor();
  await set.click();
  await page.getByRole('heading', { name: 'Your password is set' }).waitFor();
  expect(new Set(keys).size).toBe(1);
  expect(faults).toEqual([]);
  await context.close();
});

test('a workflow brought back by Undo does not go over what somebody saved since it was begun', async () => {
  const desk = deskAt();
  const made = await addRule('Begun');
  const { page, faults, context } = await visit('admin');
  await page.goto(`/workflows/${made.id}`);
  await ruleName(page).fill('Mine');
  await expect.poll(() => page.evaluate((id) => localStorage.getItem(`workflow-draft:${id}`), made.id)).not.toBeNull();
  await desk.ask('admin', 'PATCH', `workflows/${made.id}`, { name: 'Theirs' });
  await page.reload();
  await page.getByText('here they are again').waitFor();
  await page.getByRole('status').getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('heading', { level: 1, name: 'Theirs' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { level: 1, name: 'Mine' }).waitFor();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('dialog', { name: 'Somebody saved it meanwhile' }).waitFor();
  expect(await named('workflows', 'Theirs')).toHaveLength(1);
  expect(faults).toEqual([]);
  await context.close();
});

test('a workflow is not saved while what stands there can’t be read', async () => {
  const made = await addRule('Readable');
  const { page, faults, context } = await visit('admin');
  await page.goto(`/workflows/${made.id}?as=text`);
  const area = page.getByLabel('Workflow as JSON');
  const broken = (await area.inputValue()).replace('"Readable",', '"Readable now"');
  await area.fill(broken);
  await page.getByRole('tab', { name: 'Versions' }).click();
  await page.getByText('This is the first version').waitFor();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => area.evaluate((one) => one === document.activeElement)).toBe(true);
  expect(await area.inputValue()).toBe(broken);
  await page.getByText('One thing has to be put right').waitFor();
  expect(await named('workflows', 'Readable')).toMatchObject([{ version: made.version }]);

  await page.getByRole('link', { name: 'All workflows' }).click();
  await page.getByRole('dialog').getByText('What can’t be read as JSON is not kept.').waitFor();
  await page.getByRole('button', { name: 'Stay' }).click();
  await page.getByRole('button', { name: 'Discard' }).click();
  expect(await area.inputValue()).toContain('"Readable",');
  expect(await page.getByRole('button', { name: 'Save', exact: true }).count()).toBe(0);

  // The same of a field that holds a part of it.
  await page.goto('/workflows/new?as=text');
  await area.fill(JSON.stringify({ ...rule('Odd'), trigger_conditions: [{ odd: true }] }));
  await page.getByRole('button', { name: 'Form', exact: true }).click();
  const odd = page.getByLabel('A condition that this page does not know');
  await odd.fill('{ "odd": ');
  await page.getByRole('tab', { name: 'Try' }).click();
  await page.getByText('On one ticket').waitFor();
  await page.getByRole('button', { name: 'Create workflow' }).click();
  await expect.poll(() => odd.evaluate((one) => one === document.activeElement)).toBe(true);
  expect(await odd.inputValue()).toBe('{ "odd": ');
  expect(await named('workflows', 'Odd')).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
});

test('a capacity that is refused is not shown, and one that is set elsewhere is', async () => {
  const desk = deskAt();
  const { items } = await desk.ask<{ items: Named[] }>('admin', 'GET', 'teams');
  const [team] = items;
  if (team === undefined) throw new Error('the demo desk has teams');
  type Member = { user_id: string; name: string; capacity: number | null };
  const path = `teams/${team.id}/members`;
  const [member] = (await desk.ask<{ items: Member[] }>('admin', 'GET', path)).items;
  if (member === undefined) throw new Error('its teams have members');
  const before = member.capacity === null ? '' : String(member.capacity);
  const { page, faults, context } = await visit('admin');
  await page.goto(`/admin/teams/${team.id}`);
  const field = page.getByLabel(`Capacity of ${member.name}`);
  await field.fill('-1');
  const refused = page.waitForResponse((answer) => answer.request().method() === 'PATCH');
  await field.press('Enter');
  expect((await refused).status()).toBe(422);
  await expect.poll(() => field.inputValue()).toBe(before);
  await desk.ask('admin', 'PATCH', `${path}/${member.user_id}`, { capacity: 41 });
  // What is refused has the list asked for anew.
  await field.fill('-2');
  await field.press('Enter');
  await expect.poll(() => field.inputValue()).toBe('41');
  expect(faults).toEqual([]);
  await context.close();
});

test('the desk is called by its new name at once', async () => {
  const { page, faults, context } = await visit('admin');
  await page.goto('/admin/brand');
  const name = page.getByLabel('Name in mails', { exact: true });
  const before = await name.inputValue();
  await name.fill('Fjordrad Werkstatt');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => page.title()).toContain('Fjordrad Werkstatt');
  await name.fill(before);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => page.title()).toContain(before);
  expect(faults).toEqual([]);
  await context.close();
});
