import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** Where `npm run dev` finds the server. */
const server = process.env['TICKETING_SERVER'] ?? 'http://127.0.0.1:5000';

export default defineConfig({
  // Every address is relative to the page's <base>: the desk may be nested below any path.
  base: './',
  plugins: [react()],
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: { outDir: 'dist/page', emptyOutDir: true,  target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false },
  server: {
    strictPort: true,
    // The server takes cookies from its own pages alone.
    proxy: Object.fromEntries(
      ['/api', '/docs', '/socket.io'].map((path) => [path, { target: server, ws: true, headers: { origin: server } }]),
    ),
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'], restoreMocks: true },
});
