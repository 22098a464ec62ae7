import { expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt } from './desk';

openBrowser();

const soon = { timeout: 10_000 };

test('the key that resolves a ticket asks about what blocks it, as its button does', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The gate stays shut' });
  const other = await desk.add({ subject: 'The gate has no power' });
  await desk.ask('admin', 'POST', `tickets/${other.id}/links`, { ticket: ticket.id, type: 'blocks' });
  const { page, faults, context } = await visit('agent');
  await page.goto(`/tickets/${ticket.ticket_number}`);
  const question = page.getByRole('dialog', { name: 'Open tickets block this one' });
  await page.getByRole('button', { name: 'Resolve' }).waitFor();
  await page.keyboard.press('e');
  await question.getByText(other.ticket_number).waitFor();
  await question.getByRole('button', { name: 'Don’t resolve' }).click();
  await question.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Status: Open' }).waitFor();
  expect(await desk.ticket(ticket.id)).toMatchObject({ status: 'open' });

  // What is said with it is said; of the status one is asked.
  await page.getByRole('textbox', { name: 'Reply' }).fill('It is open now.');
  await page.keyboard.press('Control+Shift+Enter');
  await page.getByRole('article', { name: 'Sending soon' }).waitFor();
  await question.getByRole('button', { name: 'Resolve anyway' }).click({ timeout: 20_000 });
  await expect.poll(() => desk.ticket(ticket.id), soon).toMatchObject({ status: 'resolved' });
  expect(faults).toEqual([]);
  await context.close();
});

test('who resolves with a reply and leaves is told what blocks the ticket', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The bell rings all night' });
  const other = await desk.add({ subject: 'The bell has no switch' });
  await desk.ask('admin', 'POST', `tickets/${other.id}/links`, { ticket: ticket.id, type: 'blocks' });
  const { page, faults, context } = await visit('agent');
  await page.goto(`/tickets/${ticket.ticket_number}`);
  await page.getByRole('textbox', { name: 'Reply' }).fill('It is quiet now.');
  await page.keyboard.press('Control+Shift+Enter');
  await page.getByRole('article', { name: 'Sending soon' }).waitFor();
  await page.getByRole('link', { name: 'Back to the list' }).click();
  await page.getByRole('region', { name: 'Messages' }).getByText(other.ticket_number).waitFor();
  expect(await desk.ticket(ticket.id)).toMatchObject({ status: 'open' });
  expect(faults).toEqual([]);
  await context.close();
});

test('a subject that somebody else changed meanwhile is asked about, and not written over', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The clock is slow' });
  const { page, faults, context } = await visit('agent');
  await page.goto(`/tickets/${ticket.ticket_number}`);
  await page.getByRole('button', { name: 'Change the subject' }).click();
  const field = page.getByRole('textbox', { name: 'Subject' });
  await field.fill('The clock is five minutes slow');
  await desk.change('manager', ticket.id, { subject: 'The clock in the hall is slow' });
  await field.press('Enter');
  const question = page.getByRole('dialog', { name: 'Somebody was quicker' });
  await question.getByText('The clock in the hall is slow').first().waitFor();
  expect(await desk.ticket(ticket.id)).toMatchObject({ subject: 'The clock in the hall is slow' });
  await question.getByRole('button', { name: 'Leave it as it is now' }).click();
  await page.getByRole('heading', { level: 1, name: 'The clock in the hall is slow' }).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('a long conversation comes from its end, and what was before as one goes there', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The longest story' });
  for (let at = 1; at <= 110; at += 1) await desk.say('manager', ticket.id, `Part ${at} of it.`, true);
  const { page, faults, context } = await visit('agent');
  // The same part may be asked for again, as the ticket was changed just before the page heard of changes.
  const asked = { comments: new Set<string>(), timeline: new Set<string>() };
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    const last = pathname.split('/').at(-1);
    if (request.method() === 'GET' && (last === 'comments' || last === 'timeline')) asked[last].add(search);
  });
  await page.goto(`/tickets/${ticket.ticket_number}`);
  await page.getByText('Part 110 of it.').waitFor();
  expect({ comments: asked.comments.size, timeline: asked.timeline.size }).toEqual({ comments: 1, timeline: 1 });
  expect(await page.getByText('Part 5 of it.').count()).toBe(0);
  // What comes meanwhile stands at the end, and all is there once one is at the beginning.
  await desk.say('manager', ticket.id, 'Part 111 of it.', true);
  await page.getByText('Part 111 of it.').waitFor();
  const thread = page.getByRole('region', { name: 'Conversation' });
  await expect
    .poll(async () => {
      await thread.evaluate((element) => element.scrollTo({ top: -element.scrollHeight }));
      return page.getByText(`About ${ticket.subject}`).count();
    }, soon)
    .toBe(1);
  const said = await page.getByText(/^Part \d+ of it\.$/).allTextContents();
  expect(said).toEqual(Array.from({ length: 111 }, (_, at) => `Part ${at + 1} of it.`));

  // A link to what was said long ago leads there.
  const [first] = (await desk.ask<{ items: { id: string }[] }>('admin', 'GET', `tickets/${ticket.id}/comments`)).items;
  await page.goto('about:blank');
  await page.goto(`/tickets/${ticket.ticket_number}#comment-${first?.id ?? ''}`);
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent), soon).toContain('Part 1 of it.');
  expect(faults).toEqual([]);
  await context.close();
});

test('what happens before the page hears of what happens is not missed', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The first second', tags: ['first-second'] });
  const { page, faults, context } = await visit('agent');
  let connect: () => void = () => undefined;
  const mayConnect = new Promise<void>((done) => (connect = done));
  await page.routeWebSocket(/\/socket\.io\//, async (socket) => {
    await mayConnect;
    socket.connectToServer();
  });
  await page.goto(`/?queue=open&tag=first-second`);
  const rows = page.locator('[role=row][data-ticket]');
  await rows.filter({ hasText: ticket.subject }).waitFor();
  await desk.change('manager', ticket.id, { subject: 'The first second counts' });
  const another = await desk.add({ subject: 'The second one', tags: ['first-second'] });
  connect();
  await rows.filter({ hasText: 'The first second counts' }).waitFor();
  await rows.filter({ hasText: another.subject }).waitFor();

  await page.unrouteAll();
  const opened = await context.newPage();
  let open: () => void = () => undefined;
  const mayOpen = new Promise<void>((done) => (open = done));
  await opened.routeWebSocket(/\/socket\.io\//, async (socket) => {
    await mayOpen;
    socket.connectToServer();
  });
  await opened.goto(`/tickets/${ticket.ticket_number}`);
  await opened.getByText(`About ${ticket.subject}`).waitFor();
  await desk.say('manager', ticket.id, 'Said in the first second.', true);
  open();
  await opened.getByText('Said in the first second.').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('keys that are typed while the palette is on its way are for the palette', async () => {
  const { page, faults, context } = await visit('agent');
  let load: () => void = () => undefined;
  const mayLoad = new Promise<void>((done) => (load = done));
  await page.route(/\/assets\/palette-.*\.js/, async (route) => {
    await mayLoad;
    await route.continue();
  });
  await page.goto('/me');
  await page.getByRole('navigation').getByText('Unassigned').waitFor();
  // Among them are `c`, a new ticket, and `g 1`, a queue.
  await page.keyboard.press('Control+k');
  await page.keyboard.type('cg1');
  expect(new URL(page.url()).pathname).toBe('/me');
  for (let at = 0; at < 3; at += 1) await page.keyboard.press('Backspace');
  await page.keyboard.type('unas');
  load();
  const field = page.getByRole('combobox', { name: 'What do you want to do?' });
  await field.waitFor();
  expect(await field.inputValue()).toBe('unas');
  await page.keyboard.type('sig');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Unassigned' }).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('a list shows who asks, by one request, and who looks at what', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'Somebody is on it', tags: ['looked-at'] });
  const [agent, manager] = [await visit('agent'), await visit('manager')];
  let people = 0;
  agent.page.on('request', (request) => {
    if (new URL(request.url()).searchParams.has('ids')) people += 1;
  });
  await agent.page.goto('/?queue=recent');
  const rows = agent.page.locator('[role=row][data-ticket]');
  await rows.nth(9).waitFor();
  const row = rows.filter({ hasText: ticket.subject });
  await row.getByText('Emma Hartley').waitFor();
  expect(people).toBe(1);

  await manager.page.goto(`/tickets/${ticket.ticket_number}`);
  await row.getByTitle('Looking now: Tomas Rivera').waitFor();
  expect(await row.getAttribute('aria-label')).toContain('Looking now: Tomas Rivera');
  // Who shows a list looks at none of its tickets.
  expect(await manager.page.getByRole('img', { name: 'Also looking' }).count()).toBe(0);
  await manager.page.getByRole('link', { name: 'Back to the list' }).click();
  await row.getByTitle('Looking now').waitFor({ state: 'hidden' });
  expect([...agent.faults, ...manager.faults]).toEqual([]);
  await Promise.all([agent.context.close(), manager.context.close()]);
});

test('a customer opens a solved request again and closes it, on a telephone, and staff see it', async () => {
  const desk = deskAt();
  const ticket = await desk.add({ subject: 'The seat is loose' });
  await desk.change('agent', ticket.id, { status: 'resolved' });
  const phone = { viewport: { width: 320, height: 640 } };
  const [customer, agent] = [await visit('customer', phone), await visit('agent')];
  await agent.page.goto(`/tickets/${ticket.ticket_number}`);
  await agent.page.getByRole('button', { name: 'Status: Resolved' }).waitFor();
  const { page } = customer;
  await page.goto(`/tickets/${ticket.ticket_number}`);
  await page.getByRole('button', { name: 'It is not solved' }).click();
  const question = page.getByRole('dialog', { name: 'Open the request again?' });
  await question.getByText('Please write then').waitFor();
  const isWithin = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  expect(await isWithin()).toBe(true);
  await question.getByRole('button', { name: 'Open again' }).click();
  await question.waitFor({ state: 'hidden' });
  await agent.page.getByRole('button', { name: 'Status: Open' }).waitFor();
  // One goes on by saying what is wrong.
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName), soon).toBe('TEXTAREA');

  await page.getByRole('button', { name: 'No more help needed' }).click();
  expect(await isWithin()).toBe(true);
  await page.getByRole('dialog', { name: 'Close the request?' }).getByRole('button', { name: 'Close it' }).click();
  await page.getByText('This is done.').waitFor();
  await agent.page.getByRole('button', { name: 'Status: Closed' }).waitFor();
  expect(await page.getByRole('button', { name: 'No more help needed' }).count()).toBe(0);
  expect([...customer.faults, ...agent.faults]).toEqual([]);
  await Promise.all([customer.context.close(), agent.context.close()]);
});

test('labels of chosen tickets come and go, and what others have put on stays', async () => {
  const desk = deskAt();
  const tickets = [
    await desk.add({ subject: 'First label', tags: ['labels'] }),
    await desk.add({ subject: 'Second label', tags: ['labels', 'old'] }),
  ];
  const tags = () => Promise.all(tickets.map(async ({ id }) => (await desk.ticket(id)).tags));
  const { page, faults, context } = await visit('agent');
  await page.goto('/?queue=open&tag=labels');
  const rows = page.locator('[role=row][data-ticket]');
  await rows.nth(1).waitFor();
  for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
  // The other is quicker than the line.
  await page.route(
    '**/api/tickets/bulk',
    async (route) => {
      for (const { id } of tickets)
        await desk.ask('manager', 'PATCH', `tickets/${id}`, { add_tags: ['theirs'], remove_tags: ['old'] });
      await route.continue();
    },
    { times: 1 },
  );
  await page.keyboard.press('l');
  await page.getByPlaceholder('Find, or write a new one…').fill('mine');
  await page.getByRole('menuitem', { name: 'Add “mine”' }).click();
  await page.getByText('2 tickets changed').waitFor();
  expect(await tags()).toEqual([
    ['labels', 'mine', 'theirs'],
    ['labels', 'mine', 'theirs'],
  ]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(tags, soon).toEqual([
    ['labels', 'theirs'],
    ['labels', 'theirs'],
  ]);
  expect(faults).toEqual([]);
  await context.close();
});
