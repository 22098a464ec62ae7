/** The desk that is measured: the one that `scripts/console-times` filled and named, or else a small one of its own. */
import { spawnSync } from 'node:child_process';
import { PASSWORD, PEOPLE, PROGRAM, startServer, type Server } from '../server';

/** Whether it is about figures. Otherwise it is about that all of it can be done. */
export const isFull = process.env['CONSOLE_TIMES'] === 'full';

/** Of the two, the one that fits. */
export const size = (full: number, short: number) => (isFull ? full : short);

const named = Object.fromEntries(
  ['DATA_DIR', 'DATABASE_URL'].flatMap((name) => {
    const value = process.env[`CONSOLE_${name}`];
    return value === undefined ? [] : [[name, value] as const];
  }),
);

/** Whoever a desk was filled with can't sign in before. */
function letIn(): void {
  for (const email of Object.values(PEOPLE)) {
    const { status, stderr } = spawnSync(PROGRAM, ['user', 'set-password', email, '--password-stdin'], {
      input: PASSWORD,
      env: { PATH: process.env['PATH'], ...named },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`a password for ${email}: ${stderr}`);
  }
}

export function startDesk(more: Record<string, string> = {}): Promise<Server> {
  if (isFull) letIn();
  return startServer({ RATE_LIMIT_ANONYMOUS: 'off', ...more, ...named });
}
