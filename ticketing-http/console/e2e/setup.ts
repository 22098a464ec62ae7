/** One server that most tests share, told to them by an injected address. */
import type { TestProject } from 'vitest/node';
import { startServer } from './server';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer({ RATE_LIMIT_ANONYMOUS: 'off' });
  project.provide('origin', server.origin);
  return server.stop;
}

declare module 'vitest' {
  export interface ProvidedContext {
    origin: string;
  }
}
