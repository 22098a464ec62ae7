import { defineConfig } from 'vitest/config';

/** What people do, in Chromium against the real server: `npm run e2e`. */
export default defineConfig({
  test: {
    include: ['e2e/**/*.e2e.ts'],
    environment: 'node',
    globalSetup: 'e2e/setup.ts',
    // One browser and one server for all files: two cores are few.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 90_000,
  },
});
