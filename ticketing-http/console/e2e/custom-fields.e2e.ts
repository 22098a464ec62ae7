/** The desk's own fields: what is asked of which ticket, of whom and when, and options that are called something else. */
import { afterAll, expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';

openBrowser();

const desk = deskAt();
const soon = { timeout: 15_000 };

interface Made {
  id: string;
  key: string;
  version: number;
}

const made: Made[] = [];
const make = async (body: Record<string, unknown>) => {
  const field = await desk.ask<Made>('admin', 'POST', 'custom-fields', body);
  made.push(field);
  return field;
};
// What is asked of every ticket would be asked of other tests', too.
afterAll(() =>
  Promise.all(made.map(({ id }) => desk.ask('admin', 'PATCH', `custom-fields/${id}`, { is_active: false }))),
);

test('an administrator says what a field asks of whom, and renames an option with the tickets that hold it', async () => {
  const field = await make({ key: 'contract', label: 'Contract', field_type: 'select', options: ['Gold', 'Basic'] });
  const ticket = await desk.add({ subject: 'Which contract?' });
  await desk.ask('agent', 'PATCH', `tickets/${ticket.id}`, { custom_fields: { contract: 'Gold' } });
  const { page, faults, context } = await visit('admin');
  await page.goto(`/admin/custom-fields/${field.id}`);
  await page.getByText('Call options something else').click();
  await page.getByRole('textbox', { name: 'New name of Gold' }).fill('Platinum');
  await page.getByRole('combobox', { name: 'A value is required' }).selectOption('resolve');
  await page.getByRole('textbox', { name: 'Categories' }).fill('Leasing\nFleet');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.').waitFor();
  expect(await desk.ask('admin', 'GET', `custom-fields/${field.id}`)).toMatchObject({
    options: ['Platinum', 'Basic'],
    former_options: { gold: 'Platinum' },
    required: 'resolve',
    when: { categories: ['Leasing', 'Fleet'], team_ids: [] },
  });
  const held = async () =>
    (await desk.ask<{ custom_fields: Record<string, unknown> }>('admin', 'GET', `tickets/${ticket.id}`)).custom_fields;
  await expect.poll(held, soon).toMatchObject({ contract: 'Platinum' });
  expect(await page.getByRole('textbox', { name: 'Options' }).inputValue()).toBe('Platinum\nBasic');
  await page.getByText('Formerly: gold').waitFor();

  // What is wrong is said where it stands, and nothing of it is lost.
  await page.getByRole('textbox', { name: 'New name of Basic' }).fill('platinum');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'Basic' }).waitFor();
  expect(await page.getByRole('textbox', { name: 'New name of Basic' }).inputValue()).toBe('platinum');
  expect(faults.filter((fault) => !fault.includes('422'))).toEqual([]);
  await context.close();
});

test('what is missing before a ticket is resolved is asked for there and then', async () => {
  await make({ key: 'cause', label: 'Cause', field_type: 'text', required: 'resolve', pattern: '[a-z ]+' });
  const ticket = await desk.add({ subject: 'What was it?' });
  const { page, context } = await visit('agent');
  await page.goto(`/tickets/${ticket.ticket_number}`);
  await page.getByRole('heading', { name: 'What was it?' }).waitFor();
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog', { name: 'Before it is resolved' });
  await dialog.getByRole('textbox', { name: 'Cause' }).fill('A LOOSE CABLE');
  await dialog.getByRole('textbox', { name: 'Cause' }).press('Enter');
  // The server holds it to the field's pattern: it is asked again, and says why.
  await dialog.locator('[aria-invalid="true"]').waitFor();
  await dialog.getByRole('textbox', { name: 'Cause' }).fill('a loose cable');
  await dialog.getByRole('button', { name: 'Fill in and resolve' }).click();
  await dialog.waitFor({ state: 'detached' });
  const now = () => desk.ask('agent', 'GET', `tickets/${ticket.id}`);
  await expect.poll(now, soon).toMatchObject({ status: 'resolved', custom_fields: { cause: 'a loose cable' } });
  await context.close();
});

test('somebody who asks is asked for what belongs to it, and for nothing that staff fill in', async () => {
  await make({
    key: 'frame',
    label: 'Frame number',
    field_type: 'text',
    required: 'create',
    visible_to_customer: true,
    when: { categories: ['Theft'] },
  });
  await make({
    key: 'claim',
    label: 'Claim number',
    field_type: 'text',
    required: 'create',
    visible_to_customer: true,
    editable_by_customer: false,
  });
  const { page, context } = await visit('customer');
  await page.goto('/tickets/new');
  await page.getByRole('textbox', { name: 'Subject' }).fill('It is gone');
  await page.getByRole('textbox', { name: 'Description' }).fill('Since this morning.');
  const frame = page.getByRole('textbox', { name: 'Frame number' });
  expect(await frame.count()).toBe(0);
  expect(await page.getByRole('textbox', { name: 'Claim number' }).count()).toBe(0);
  await page.getByRole('combobox', { name: /^Category/ }).fill('theft');
  await frame.waitFor();
  await page.keyboard.press('Control+Enter');
  await page.locator('[aria-invalid="true"]').waitFor();
  await frame.fill('WT-77');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: 'It is gone' }).waitFor();
  const number = page.url().split('/').at(-1) ?? '';
  expect(await desk.ask('admin', 'GET', `tickets/${number}`)).toMatchObject({ custom_fields: { frame: 'WT-77' } });
  await context.close();
});
