/** The pictures of the README, made by `scripts/pictures`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { expect, test } from 'vitest';
import { openBrowser } from './browser';
import { indexed } from './palette';
import { open } from './screens';
import { isForeign, shoot, startStill, tellingTicket, visitStill } from './still';

openBrowser();

/** Lists to choose from: a machine may have no letters for some languages of the demo desk. */
const LISTS = ['recent', 'open', 'waiting'].flatMap((queue) =>
  ['', '&priority=high,critical', '&priority=medium', '&status=in_progress,pending'].map(
    (more) => `/?queue=${queue}${more}`,
  ),
);

const PICTURES = fileURLToPath(new URL('../../../docs/pictures', import.meta.url));

test.runIf(process.env['PICTURES'] === '1')('the pictures of the README', { timeout: 240_000 }, async () => {
  mkdirSync(PICTURES, { recursive: true });
  const server = await startStill();
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, context } = await visitStill('manager', server.origin, { colorScheme });
    const keep = async (name: string) => {
      const picture = PNG.sync.read(await shoot(page));
      writeFileSync(`${PICTURES}/${name}-${colorScheme}.png`, indexed(picture));
    };
    for (const list of LISTS) {
      await open(page, list, /./);
      if (!(await isForeign(page))) break;
    }
    expect(await isForeign(page)).toBe(false);
    await keep('queue');
    const { path, heading } = await tellingTicket(server.origin);
    await open(page, path, heading);
    await keep('ticket');
    await context.close();
  }
  await server.stop();
});
