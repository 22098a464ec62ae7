/** A desk in which every text that somebody can write is one that wants to run. */
import type { Desk } from './desk';
import { bring } from './mail';
import { payloads } from './payloads';

export const ALL = payloads();
const TEXTS = ALL.map((one) => one.text);

/** As one line, as most fields want it: without what is refused there. */
// eslint-disable-next-line no-control-regex
const flat = (text: string) => text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
/** Of many lines: a NUL is the one sign that no text may hold. */
// eslint-disable-next-line no-control-regex
const long = (text: string) => text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, ' ');
/** `{{` asks for something in rules and mail texts, and what there is not is refused. */
const isWords = (text: string) => !text.includes('{{');

/** Whether it can be told from the others where it is read. */
const isMarked = (text: string) => /__hit\(\d+\)|elsewhere\.example\/\d/.test(text);

const taken = new Map<number, number>();
/** The next of those that fit, so that in time each stands somewhere. */
function line(most = 100, fits: (text: string) => boolean = isMarked): string {
  const fitting = TEXTS.map(flat).filter((text) => text.length <= most && fits(text));
  const at = taken.get(most) ?? 0;
  taken.set(most, at + 1);
  return fitting[at % fitting.length] ?? '';
}

const lines = (count: number, most = 100, fits?: (text: string) => boolean) => [
  ...new Set(Array.from({ length: count }, () => line(most, fits))),
];

/** Ends whatever one of them has begun, so that the next is not a part of it. */
const ENDS =
  '"\'>--></script></style></title></textarea></xmp></iframe></noembed></noframes></noscript></template></svg></math>' +
  '</object></select></video></audio></table>';
/** A page of them. What nothing can end is its end. */
function pageOf(texts: readonly string[], title: string): string {
  const last = texts.filter((text) => text.includes('<plaintext>'));
  const all = [...texts.filter((text) => !last.includes(text)), ...last];
  return [`<html><head><title>x</title></head><body><p>${title}</p>`, ...all.map((text) => text + ENDS)].join('\n');
}

function chunks(count: number): string[][] {
  const size = Math.ceil(TEXTS.length / count);
  return Array.from({ length: count }, (_, at) => TEXTS.slice(at * size, (at + 1) * size));
}

interface Named {
  id: string;
}

export interface Hostile {
  /** Numbers of tickets, and which of them came by mail. */
  tickets: string[];
  mailed: string[];
  /** Addresses of pages, each of which shows some of the texts. */
  places: string[];
}

export async function fill(desk: Desk, origin: string): Promise<Hostile> {
  const make = async (path: string, body: unknown, person: 'admin' | 'agent' | 'customer' = 'admin') =>
    (await desk.ask<Named>(person, 'POST', path, body)).id;
  const change = (path: string, body: unknown) => desk.ask('admin', 'PATCH', path, body);
  const places: string[] = [];
  const place = (area: string, id: string) => places.push(`/admin/${area}/${id}`);

  await change('desk', { name: line(100) });
  await change('brand', {
    name: line(100, isWords),
    from_name: line(100),
    footer: long(TEXTS.slice(0, 8).join('\n')).slice(0, 1000),
  });
  const organizations = await Promise.all(lines(4).map((name) => make('organizations', { name })));
  for (const person of ['admin', 'agent', 'customer'] as const)
    await desk.ask(person, 'PATCH', 'auth/me', { name: line(200) });
  const users = await Promise.all(
    lines(4, 200).map((name, at) =>
      make('users', {
        name,
        email: `o'{{7*7}}&onerror=x${at}@elsewhere.example`,
        role: at % 2 === 0 ? 'customer' : 'agent',
        password: 'a-long-password-2026',
        ...(at % 2 === 0 ? { organization_id: organizations[at] } : {}),
      }),
    ),
  );
  const team = await make('teams', { name: line(), description: long(TEXTS.slice(8, 20).join('\n')) });
  const { id: agent } = await desk.ask<Named>('agent', 'GET', 'auth/me');
  for (const user_id of [users[1], agent]) await make(`teams/${team}/members`, { user_id, role: 'member' });
  const hours = { monday: [{ start: '09:00', end: '17:00' }] };
  const calendar = await make('calendars', {
    name: line(),
    time_zone: 'Europe/Berlin',
    weekly_hours: hours,
    holidays: lines(5).map((name, at) => ({ date: `2026-12-${20 + at}`, name })),
    periods: [{ from: '2026-08-01', until: '2026-08-31', name: line(), weekly_hours: hours }],
  });
  const policy = await make('sla-policies', {
    name: line(),
    description: long(TEXTS.slice(20, 40).join('\n')),
    position: 0,
    calendar_id: calendar,
    conditions: [{ field: 'tags', operator: 'contains', value: line(64) }],
    targets: { high: { first_response: '4h' } },
  });
  const webhook = await make('webhooks', {
    name: line(),
    url: 'https://elsewhere.example/?x=%3Cscript%3E__hit(0)%3C/script%3E',
    event_types: ['ticket.created'],
    is_active: false,
    headers: { 'X-Said': '<img src=x onerror=__hit(0)>' },
  });
  place('organizations', organizations[0] ?? '');
  users.slice(0, 2).forEach((id) => place('users', id));
  place('teams', team);
  place('calendars', calendar);
  place('sla-policies', policy);
  place('webhooks', webhook);
  for (const [at, type] of ['ticket_created', 'comment_added', 'status_changed'].entries()) {
    const words = TEXTS.filter(isWords).map(long);
    await desk.ask('admin', 'PUT', `email-templates/${type}`, {
      subject: line(255, isWords),
      html: pageOf(
        words.filter((_, index) => index % 3 === at),
        `Text ${at}`,
      ).slice(0, 65_000),
      text: words.slice(0, 40).join('\n'),
    });
    place('email-templates', type);
  }
  place('mailboxes', await make('mailboxes', { name: line(), address: 'texts@fjordrad.example' }));
  await change('inbound-policy', { spam_headers: [{ name: 'X-Spam', begins: line() }] });
  for (const person of ['admin', 'agent', 'customer'] as const)
    await make('api-keys', { name: line(), scopes: ['tickets:read'] }, person);

  const keys = await fields(make, place);
  const rules = await workflows(desk, make);
  const tickets = await write(desk, make, keys, team);
  const mailed = await post(desk, origin, place);
  return { tickets, mailed, places: [...places, ...rules] };
}

type MakeOne = (path: string, body: unknown, person?: 'admin' | 'agent' | 'customer') => Promise<string>;

/** Fields of each kind that holds texts; for each key, values that a ticket can have. */
async function fields(make: MakeOne, place: (area: string, id: string) => void): Promise<Record<string, unknown>[]> {
  const options = lines(40);
  const kinds = [
    { key: 'said', field_type: 'text' },
    { key: 'told', field_type: 'textarea' },
    { key: 'chosen', field_type: 'select', options },
    { key: 'ticked', field_type: 'multiselect', options },
  ];
  for (const kind of kinds)
    place('custom-fields', await make('custom-fields', { ...kind, label: line(), visible_to_customer: true }));
  return options.map((option, at) => ({
    said: line(255),
    told: long(TEXTS.slice(at * 12, at * 12 + 12).join('\n')).slice(0, 4000),
    chosen: option,
    ticked: options.slice(at, at + 5),
  }));
}

/** Rules that say something, and do so on every ticket that is made from now on. */
async function workflows(desk: Desk, make: MakeOne): Promise<string[]> {
  const { id: admin } = await desk.ask<Named>('admin', 'GET', 'auth/me');
  const ids = await Promise.all(
    lines(3, 200, isWords).map((name, at) =>
      make('workflows', {
        name,
        description: long(TEXTS.slice(at * 20, at * 20 + 20).join('\n')).slice(0, 4000),
        note: line(200),
        trigger_type: 'ticket_created',
        trigger_conditions: { not: { field: 'category', operator: 'equals', value: line() } },
        actions: [
          {
            type: 'send_notification',
            params: { user_id: admin, title: line(100, isWords), message: line(255, isWords) },
          },
          { type: 'add_comment', params: { body: long(line(255, isWords)), is_internal: true } },
        ],
      }),
    ),
  );
  return ['/workflows', ...ids.map((id) => `/workflows/${id}`)];
}

/** Few tickets, and on them all of the texts: as a description, as a reply and as a note. */
async function write(desk: Desk, make: MakeOne, values: Record<string, unknown>[], team: string): Promise<string[]> {
  const { id: customer } = await desk.ask<Named>('customer', 'GET', 'auth/me');
  const { id: agent } = await desk.ask<Named>('agent', 'GET', 'auth/me');
  const parts = chunks(6);
  const numbers: string[] = [];
  let before: string | undefined;
  for (const [at, texts] of parts.entries()) {
    const { id, ticket_number } = await desk.ask<{ id: string; ticket_number: string }>('admin', 'POST', 'tickets', {
      subject: lines(2, 120).join(' ').slice(0, 255),
      description: long(texts.join('\n\n')),
      category: line(),
      tags: lines(12, 64, (text) => !text.includes(',')),
      custom_fields: values[at],
      customer_id: customer,
      assigned_agent_id: agent,
      team_id: team,
    });
    numbers.push(ticket_number);
    for (const [index, person] of (['customer', 'agent', 'admin'] as const).entries())
      await desk.say(person, id, long((parts[(at + 1 + index) % parts.length] ?? []).join('\n\n')), person === 'admin');
    await desk.ask('agent', 'POST', `tickets/${id}/escalate`, { reason: line(1000) });
    await desk.ask('agent', 'POST', `tickets/${id}/deescalate`, { reason: line(1000) });
    if (before !== undefined) await make(`tickets/${id}/links`, { ticket: before, type: 'relates' });
    before = id;
  }
  return numbers;
}

/** All of the texts once more, in what a mail can say. */
async function post(desk: Desk, origin: string, place: (area: string, id: string) => void): Promise<string[]> {
  const numbers: string[] = [];
  for (const [at, texts] of chunks(4).entries()) {
    const arrival = await bring(origin, desk, {
      from: { name: line(200), address: `stranger${at}@elsewhere.example` },
      subject: line(200),
      ...(at === 0 ? {} : { text: texts.join('\n\n') }),
      html: pageOf(texts, `Mail ${at}`),
      charset: ['utf-8', 'utf-7', 'iso-2022-jp', 'x-user-defined'][at] ?? 'utf-8',
      headers: lines(5).map((text, index) => `X-Said-${index}: ${text.replaceAll(/[^ -~]/g, '?')}`),
      files: [
        { name: line(100), type: 'text/html', content: texts[0] ?? '' },
        {
          name: `${line(60)}.svg`,
          type: 'image/svg+xml',
          content: '<svg xmlns="http://www.w3.org/2000/svg" onload="__hit(0)"/>',
        },
        { name: '../../x.html', type: 'image/png', content: '<script>__hit(0)</script>', id: 'lie@elsewhere.example' },
        {
          name: '"><img src=x onerror=__hit(0)>.png',
          type: 'text/html; charset=utf-7',
          content: '+ADw-script+AD4-__hit(0)',
        },
      ],
    });
    place('inbound', arrival.id);
    if (arrival.ticket_id === null) throw new Error(`a mail made no ticket: ${JSON.stringify(arrival)}`);
    numbers.push((await desk.ticket(arrival.ticket_id)).ticket_number);
  }
  return numbers;
}
