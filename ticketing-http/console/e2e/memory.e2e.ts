import type { CDPSession } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, visit } from './browser';
import { deskAt, type Desk } from './desk';
import { isFull, startDesk } from './speed/desk';
import { say, slope } from './speed/report';
import { workAt, type Work } from './speed/work';
import type { Server } from './server';

openBrowser();

let server: Server;
beforeAll(async () => {
  server = await startDesk({ RATE_LIMIT_USER: 'off' });
});
afterAll(() => server.stop());

/** For how long somebody works; where it is not about figures, a few rounds are enough. */
const MINUTES = Number(process.env['CONSOLE_MINUTES'] ?? 30);
const SHORT_ROUNDS = 8;
/** What was asked for is kept for five minutes: so long it grows. */
const WARM_MINUTES = 7;
const SHORT_WARM_ROUNDS = 3;

interface Sample {
  heap: number;
  nodes: number;
  listeners: number;
}

/** What the page holds once all that is garbage is gone. */
async function weigh(line: CDPSession): Promise<Sample> {
  // What one collection sets free may hold on to something that only the next one finds.
  for (let at = 0; at < 2; at += 1) await line.send('HeapProfiler.collectGarbage');
  const { metrics } = await line.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((one) => one.name === name)?.value ?? NaN;
  return { heap: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners') };
}

/** Colleagues and customers go on meanwhile. */
async function happen(desk: Desk, numbers: readonly string[], round: number): Promise<void> {
  const at = (step: number) => numbers[(round * 7 + step) % numbers.length] ?? '';
  for (let step = 0; step < 6; step += 1) await desk.say('manager', at(step), `Round ${round}, word ${step}.`);
  await desk.change('manager', at(6), { priority: round % 2 === 0 ? 'high' : 'medium' });
}

async function workOn(work: Work, round: number): Promise<void> {
  await work.toQueue(5);
  await work.scroll();
  await work.palette();
  for (let at = 0; at < 3; at += 1) {
    // Another ticket each time, for as long as the list has them.
    await work.down((round % 10) + 1);
    if (at === 0) await work.choose();
    await work.open();
    if (at === 1) await work.reply(`Written in round ${round}.`);
    await work.leave();
  }
  await work.toNotifications();
  await work.toQueue((round % 6) + 1);
  await work.toQueue(6);
  await work.filter();
}

test('hours of work leave nothing behind', { timeout: (MINUTES + 10) * 60_000 }, async () => {
  const desk = deskAt(server.origin);
  const { items } = await desk.ask<{ items: { ticket_number: string }[] }>(
    'manager',
    'GET',
    'tickets?status=open,in_progress&limit=100',
  );
  const numbers = items.map((one) => one.ticket_number);
  const { page, context, faults } = await visit('agent', {}, server.origin);
  const line = await context.newCDPSession(page);
  await line.send('Performance.enable');
  const work = workAt(page);
  const samples: Sample[] = [];
  const begun = Date.now();
  let next = begun;
  for (let round = 0; isFull ? Date.now() < begun + MINUTES * 60_000 : round < SHORT_ROUNDS; round += 1) {
    // Tokens end; each quarter of an hour there are new ones.
    await Promise.all([workOn(work, round), happen(isFull ? deskAt(server.origin) : desk, numbers, round)]);
    if (isFull && Date.now() < next) continue;
    next += 60_000;
    await page.waitForLoadState('networkidle');
    const sample = await weigh(line);
    samples.push(sample);
    say(
      `round ${round + 1}, ${((Date.now() - begun) / 60_000).toFixed(1)} min: ${(sample.heap / 1024 ** 2).toFixed(2)} MiB, ${sample.nodes} nodes, ${sample.listeners} listeners`,
    );
  }
  const warm = samples.slice(isFull ? WARM_MINUTES : SHORT_WARM_ROUNDS);
  for (const name of ['heap', 'nodes', 'listeners'] as const) {
    const values = warm.map((one) => one[name]);
    const mean = values.reduce((all, one) => all + one, 0) / values.length;
    const share = slope(values) / mean;
    say(
      `${name}: ${(share * 100).toFixed(2)} % more with each ${isFull ? 'minute' : 'round'}, over ${values.length} of them`,
    );
    expect.soft(share * (values.length - 1), name).toBeLessThan(isFull ? 0.1 : 0.15);
  }
  expect(faults).toEqual([]);
  await context.close();
});
