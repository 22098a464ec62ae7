/** Every page of the console, for tests that look at all of them. */
import { createHmac } from 'node:crypto';
import { inject } from 'vitest';
import type { Page, Request } from 'playwright-core';
import type { Desk } from './desk';
import { MAIL_SECRET, type PEOPLE } from './server';

export interface Screen {
  path: string;
  /** Who looks; nobody is somebody who is not signed in. */
  who: keyof typeof PEOPLE | 'nobody';
  /** A heading that says that what is to be looked at is there. */
  heading: string | RegExp;
}

interface Thing {
  id: string;
  name: string;
}

/** Waits until a page has all that it asks for. */
export async function open(page: Page, path: string, heading: string | RegExp): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { name: heading, exact: true }).first().waitFor();
  await calm(page);
}

const asked = new WeakMap<Page, Set<Request>>();

/** Until nothing is being loaded and no skeleton stands where something is to be. */
export async function calm(page: Page): Promise<void> {
  const running = asked.get(page);
  if (running === undefined) throw new Error('watch the page first');
  const deadline = Date.now() + 40_000;
  let free = 0;
  // What comes may ask for more once it is drawn: two frames tell.
  while (free < 2) {
    const isDrawn = await page.evaluate(
      () =>
        new Promise<boolean>((done) =>
          requestAnimationFrame(() =>
            requestAnimationFrame(() => done(document.querySelector('[class*="_bone_"], [aria-busy="true"]') === null)),
          ),
        ),
    );
    free = isDrawn && running.size === 0 ? free + 1 : 0;
    if (Date.now() > deadline) {
      const still = [...running].map((one) => one.url()).join(', ');
      throw new Error(`${page.url()} is not ready after a long time; it waits for ${still || 'what is drawn'}`);
    }
  }
}

/** Counts what a page asks for, from before it asks. */
export function watch(page: Page): void {
  const running = new Set<Request>();
  asked.set(page, running);
  page.on('request', (request) => {
    if (!request.url().includes('/socket.io/')) running.add(request);
  });
  page.on('requestfinished', (request) => running.delete(request));
  page.on('requestfailed', (request) => running.delete(request));
}

/** Something of everything that can be written, and by everybody. */
const WRITTEN = `It fails **every night**, see [the log](https://example.com/log).

> What does the gate say?

1. \`E-104\`, then nothing
2. A list, and a table:

| Gate | State |
| ---- | ----- |
| 1    | shut  |

\`\`\`
connect: timeout
\`\`\``;

const MAIL = (to: string) => `From: Kim Nakamura <kim@nordlicht.example>
To: ${to}
Subject: The bike at the harbour
Message-ID: <screens@nordlicht.example>
Content-Type: text/html; charset=utf-8

<p>Its <b>lock</b> does not open.</p><p><a href="https://example.com/">Where it stands</a></p>
`;

async function mail(to: string): Promise<void> {
  const raw = MAIL(to).replaceAll('\n', '\r\n');
  const signature = createHmac('sha256', MAIL_SECRET).update(raw).digest('hex');
  const answer = await fetch(
    `${inject('origin')}/api/inbound/email?from=kim@nordlicht.example&to=${encodeURIComponent(to)}`,
    {
      method: 'POST',
      headers: { 'X-Inbound-Signature': `sha256=${signature}`, 'Content-Type': 'message/rfc822' },
      body: raw,
    },
  );
  if (!answer.ok) throw new Error(`a mail: ${answer.status} ${await answer.text()}`);
}

/** A table of which a line is wrong, looked through. */
async function bring(desk: Desk): Promise<string> {
  const text =
    'subject,description,customer_email\nThe lamp is out,Since May,kim@nordlicht.example\nThe gate,,nobody\n';
  const { id } = await desk.bring<{ id: string }>('admin', 'imports?kind=tickets&dry_run=true&name=tickets.csv', text);
  const deadline = Date.now() + 20_000;
  for (;;) {
    const { can_run } = await desk.ask<{ can_run: boolean }>('admin', 'GET', `imports/${id}`);
    if (can_run) return id;
    if (Date.now() > deadline) throw new Error(`nobody looks import ${id} through`);
  }
}

/** All pages on a desk on which none is empty: what the demo desk lacks is made. */
export async function screens(desk: Desk): Promise<Screen[]> {
  const some = async (path: string): Promise<Thing> => {
    const { items } = await desk.ask<{ items: Thing[] }>(
      'admin',
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}limit=1`,
    );
    const [known] = items;
    if (known === undefined) throw new Error(`there is nothing at ${path}`);
    return known;
  };
  const [box] = (await desk.ask<{ items: { address: string }[] }>('admin', 'GET', 'mailboxes?limit=1')).items;
  await mail(box?.address ?? '');
  const [key] = (await desk.ask<{ items: unknown[] }>('agent', 'GET', 'api-keys')).items;
  if (key === undefined) await desk.ask('agent', 'POST', 'api-keys', { name: 'Reports', scopes: ['tickets:read'] });

  const ticket = await desk.add({ subject: 'The gate at the harbour stays shut', tags: ['gates'], agent: 'agent' });
  await desk.say('customer', ticket.id, WRITTEN);
  await desk.say('agent', ticket.id, `Thank you. ${WRITTEN}`);
  await desk.say('agent', ticket.id, 'The controller has old firmware. @Tomas Rivera', true);
  await desk.change('manager', ticket.id, { status: 'in_progress', priority: 'critical' });
  const over = await desk.add({ subject: 'The gate has no light', agent: 'agent' });
  await desk.change('agent', over.id, { status: 'resolved' });

  const admin = (area: string, heading: string | RegExp, id?: string): Screen => ({
    path: `/admin/${area}${id === undefined ? '' : `/${id}`}`,
    who: 'admin',
    heading,
  });
  const one = async (area: string, path = area) => {
    const { id, name } = await some(path);
    return admin(area, name, id);
  };
  const of = (who: Screen['who'], heading: string | RegExp, paths: string[]): Screen[] =>
    paths.map((path) => ({ who, heading, path }));
  const spent = { hours: 1.5, billable: true, description: 'Looked for the key' };
  await desk.ask('agent', 'POST', `tickets/${ticket.id}/time-entries`, spent);
  const rule = await some('workflows');
  const team = await some('teams');
  // Somebody is looked for, so that there is a decision to tell of.
  await desk.ask('admin', 'PATCH', `teams/${team.id}`, { routing: 'round_robin' });
  await desk.change('admin', (await desk.add({ subject: 'The gate hums' })).id, { team_id: team.id });
  await desk.ask('admin', 'PATCH', `teams/${team.id}`, { routing: 'manual' });
  const field = await some('custom-fields');
  const came = await some('inbound');
  const job = await some('jobs');
  const view = await some('views');
  const table = await bring(desk);
  return [
    ...of('nobody', 'Sign in', ['/sign-in']),
    ...of('nobody', 'Create an account', ['/register']),
    ...of('nobody', 'Forgot your password?', ['/forgot']),
    ...of('nobody', 'Set a new password', ['/reset?token=one']),
    ...of('nobody', 'The link is not whole', ['/reset']),
    ...of('nobody', 'Welcome', ['/invite?token=one']),
    ...of('nobody', 'Set up this desk', ['/setup?token=one']),

    ...of('agent', 'Mine', ['/']),
    ...of('agent', 'Recently updated', ['/?queue=recent', '/?queue=recent&priority=critical&status=open']),
    ...of('agent', 'All open', ['/?queue=open&tag=nothing-has-it']),
    ...of('agent', 'Views', ['/views']),
    ...of('manager', /./, ['/views/new', `/views/${view.id}`]),
    ...of('agent', ticket.subject, [`/tickets/${ticket.ticket_number}`]),
    ...of('agent', over.subject, [`/tickets/${over.ticket_number}`]),
    ...of('agent', /./, ['/tickets/TKT-0000-000000', '/nowhere']),
    ...of('agent', 'New ticket', ['/tickets/new']),
    ...of('manager', 'Notifications', ['/notifications', '/notifications?show=unread']),
    ...of('agent', 'Your account', ['/me', '/me/preferences', '/me/notifications', '/me/sessions', '/me/keys']),

    ...of('agent', 'Time', ['/time', '/time?view=month', '/time?view=summary&period=all']),
    ...of('manager', 'Time', ['/time?view=summary&by=organization&period=all']),

    ...of('admin', 'Workflows', ['/workflows']),
    ...of('admin', /./, ['/workflows/new']),
    ...of(
      'admin',
      /./,
      ['', '?tab=try', '?tab=versions', '?tab=runs'].map((tab) => `/workflows/${rule.id}${tab}`),
    ),

    admin('users', 'Users'),
    admin('users', 'New user', 'new'),
    await one('users', 'users?role=agent'),
    admin('organizations', 'Organizations'),
    await one('organizations'),
    admin('teams', 'Teams'),
    ...['', '?tab=load', '?tab=routing', '?tab=analytics'].map((tab) => admin('teams', team.name, `${team.id}${tab}`)),
    ...of('agent', team.name, [`/admin/teams/${team.id}`]),
    admin('sla-policies', 'SLA policies'),
    await one('sla-policies'),
    admin('calendars', 'Calendars'),
    await one('calendars'),
    admin('custom-fields', 'Custom fields'),
    admin('custom-fields', /./, field.id),
    admin('time', 'Time'),
    admin('canned-responses', 'Canned responses'),
    admin('canned-responses', /./, (await some('canned-responses')).id),
    admin('macros', 'Macros'),
    await one('macros'),
    ...of('agent', /./, ['/admin/canned-responses/new', `/admin/macros/${(await some('macros')).id}`]),
    admin('webhooks', 'Webhooks'),
    admin('webhooks', /./, 'new'),
    await one('webhooks'),
    admin('webhooks', /./, `${(await some('webhooks')).id}?tab=log`),
    admin('email-templates', 'Mail texts'),
    admin('email-templates', /./, 'comment_added'),
    admin('brand', 'Brand and desk'),
    admin('mailboxes', 'Mailboxes'),
    await one('mailboxes'),
    admin('inbound', 'Incoming mail'),
    admin('inbound', /./, came.id),
    admin('imports', 'Import'),
    admin('imports', 'New import', 'new'),
    admin('imports', 'tickets.csv', table),
    admin('jobs', 'Jobs'),
    admin('jobs', /./, job.id),
    admin('audit', 'Audit log'),

    ...of('customer', 'My tickets', ['/', '/?show=solved']),
    ...of('customer', ticket.subject, [`/tickets/${ticket.ticket_number}`]),
    ...of('customer', over.subject, [`/tickets/${over.ticket_number}`]),
    ...of('customer', 'New ticket', ['/tickets/new']),
    ...of('customer', 'Notifications', ['/notifications']),
    ...of('customer', 'Your account', ['/me', '/me/notifications']),
  ];
}
