/** One server that most tests share, told to them by an injected address. */
import type { TestProject } from 'vitest/node';
import { startServer } from './server';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // All tests together ask for more in the name of one person than somebody may in an hour.
  const server = await startServer({ RATE_LIMIT_ANONYMOUS: 'off', RATE_LIMIT_USER: 'off' });
  project.provide('origin', server.origin);
  return server.stop;
}

declare module 'vitest' {
  export interface ProvidedContext {
    origin: string;
  }
}
