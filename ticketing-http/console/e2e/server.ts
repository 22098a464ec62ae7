/** A real server on a desk of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROGRAM =
  process.env['TICKETING_PROGRAM'] ?? fileURLToPath(new URL('../../../target/debug/ticketing', import.meta.url));
export const PASSWORD = 'demo-desk-2026';
/** What mails are signed with that a test brings in. */
export const MAIL_SECRET = 'a-secret-of-the-tests-for-mails';
/** Who is on the demo desk. */
export const PEOPLE = {
  admin: 'ingrid.solberg@fjordrad.example',
  manager: 'tomas.rivera@fjordrad.example',
  agent: 'amelie.brandt@fjordrad.example',
  customer: 'emma.hartley@altona-couriers.example',
} as const;

export interface Server {
  origin: string;
  /** Ends it as a crash would. */
  kill: () => Promise<void>;
  /** The same desk at the same address again. */
  restart: () => Promise<void>;
  /** Ends it and forgets its desk. */
  stop: () => Promise<void>;
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function run(port: number, folder: string, more: Record<string, string>, flags: string[]): Promise<ChildProcess> {
  const child = spawn(PROGRAM, ['serve', '--demo', ...flags], {
    env: {
      PATH: process.env['PATH'],
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: folder,
      PASSWORD_HASH: 'bcrypt',
      INBOUND_EMAIL_SECRET: MAIL_SECRET,
      ...more,
    },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((done, fail) => {
    let said = '';
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-8_000);
      if (said.includes('listening on')) done(child);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`the server ended with ${code ?? 'a signal'}:\n${said}`)));
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await gone;
}

export async function startServer(more: Record<string, string> = {}, flags: string[] = []): Promise<Server> {
  const port = Number(more['PORT'] ?? (await freePort()));
  const folder = mkdtempSync(join(tmpdir(), 'console-'));
  let child = await run(port, folder, more, flags);
  return {
    origin: `http://127.0.0.1:${port}`,
    kill: () => end(child, 'SIGKILL'),
    restart: async () => {
      await end(child, 'SIGKILL');
      child = await run(port, folder, more, flags);
    },
    stop: async () => {
      await end(child, 'SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
