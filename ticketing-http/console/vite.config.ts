import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Where `npm run dev` finds the server. */
const server = process.env['TICKETING_SERVER'] ?? 'http://127.0.0.1:5000';

/**
 * The frame of mails is of no origin. A module is asked for in a way that the desk would have to allow to everybody; a
 * plain script is not.
 */
const plainFrame: Plugin = {
  name: 'plain-frame',
  enforce: 'post',
  // What is left of its types, which a plain script may not say.
  transform: (code, id) => (id.endsWith('/src/frame.ts') ? code.replace(/^export \{\};$/m, '') : undefined),
  transformIndexHtml: {
    order: 'post',
    handler: (html, { path }) =>
      path.endsWith('/frame.html')
        ? html
            // The development server's own scripts, which are modules.
            .replaceAll(/<script type="module">[^<]*(?:<(?!\/script>)[^<]*)*<\/script>/g, '')
            .replace(/<script type="module" src="[^"]*@vite\/client"><\/script>/, '')
            .replace(/<script type="module"(?: crossorigin)?/, '<script defer')
        : html,
  },
};

/** Libraries that every page needs. */
const BASE =
  /node_modules\/(react|react-dom|scheduler|use-sync-external-store|@tanstack\/(react-)?(router|router-core|query|query-core|history|store))\//;
/** What of our own nearly every page needs, and its pictures. */
const COMMON = new RegExp(
  [
    /src\/(api|format|keys|text)\//,
    /src\/app\/desk\./,
    /src\/ui\/(avatar|badge|button|classes|empty|fault|field|field-text|password-field|skeleton|time|toast|use-submit)\./,
    /src\/screens\/ticket\/place\./,
    /src\/screens\/queue\/(columns|last|prefs|text)\./,
    /lucide-react\/dist\/esm\/(createLucideIcon|Icon|defaultAttributes|icons\/(circle|sliders|user|minus|arrow-(up|down)\.|eye|chevron|x\.|check\.))/,
  ]
    .map((one) => one.source)
    .join('|'),
);

/** What several other pages need and is little: as files of their own they would lengthen the list that all pages have. */
const LITTLE = new RegExp(
  [
    /src\/ui\/(differ|places|save-file|use-once|use-rested)\./,
    /lucide-react\/dist\/esm\/icons\/(alarm-clock|arrow-right|bell-off|copy|download|ellipsis|mail|rotate-ccw|trash|undo-2|zap)/,
  ]
    .map((one) => one.source)
    .join('|'),
);

export default defineConfig({
  // Every address is relative to the page's <base>: the desk may be nested below any path.
  base: './',
  plugins: [react(), plainFrame],
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: {
    outDir: 'dist/page',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: ['index.html', 'frame.html'],
      output: {
        // What signing in and a queue need is in few files: each costs a request, and small ones pack badly.
        codeSplitting: {
          groups: [
            { name: 'base', test: BASE, priority: 2 },
            { name: 'common', test: COMMON, priority: 1 },
            { name: 'little', test: LITTLE },
          ],
        },
      },
    },
  },
  server: {
    strictPort: true,
    // The server takes cookies from its own pages alone.
    proxy: Object.fromEntries(
      ['/api', '/docs', '/socket.io'].map((path) => [path, { target: server, ws: true, headers: { origin: server } }]),
    ),
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'], restoreMocks: true },
});
