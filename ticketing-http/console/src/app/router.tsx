/** Every page, and where it is found. Each is loaded when it is first shown. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { basePath } from '../api/base';
import { currentSession } from '../api/session';
import { carryToken } from './link-token';
import { NotFoundPage } from './not-found';
import { Root } from './root';
import { Shell } from './shell';

const root = createRootRoute({ component: Root, notFoundComponent: NotFoundPage });

/** What the address says beside its path; texts alone. */
const texts = (search: Record<string, unknown>): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(search).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));

// For everybody.
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: texts,
  component: lazyRouteComponent(() => import('../screens/sign-in')),
});
const visitor = <P extends string>(path: P, name: 'Register' | 'Forgot' | 'Reset' | 'Invite' | 'Setup') =>
  createRoute({
    getParentRoute: () => root,
    path,
    validateSearch: texts,
    component: lazyRouteComponent(() => import('../screens/visitor'), name),
    beforeLoad: ({ search }) => {
      if (search['token'] === undefined) return;
      carryToken(search['token']);
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw redirect({ to: '.', search: {}, replace: true });
    },
  });

// For whoever is signed in.
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: ({ location }) => {
    if (currentSession().state === 'signed-out') {
      // The router's own way of sending somebody elsewhere.
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } });
    }
  },
});
const page = <P extends string>(path: P, load: Parameters<typeof lazyRouteComponent>[0]) =>
  createRoute({ getParentRoute: () => shell, path, validateSearch: texts, component: lazyRouteComponent(load) });

const tree = root.addChildren([
  signIn,
  visitor('/register', 'Register'),
  visitor('/forgot', 'Forgot'),
  visitor('/reset', 'Reset'),
  visitor('/invite', 'Invite'),
  visitor('/setup', 'Setup'),
  shell.addChildren([
    page('/', () => import('../screens/queue')),
    page('/tickets/new', () => import('../screens/new-ticket')),
    page('/tickets/$ticket', () => import('../screens/ticket')),
    page('/views', () => import('../screens/views')),
    page('/views/$id', () => import('../screens/views/view')),
    page('/time', () => import('../screens/time')),
    page('/workflows', () => import('../screens/workflows')),
    page('/workflows/$id', () => import('../screens/workflows/workflow')),
    page('/admin', () => import('../screens/admin')),
    page('/admin/$area', () => import('../screens/admin')),
    page('/admin/$area/$id', () => import('../screens/admin')),
    page('/me', () => import('../screens/me')),
    page('/me/$area', () => import('../screens/me')),
    page('/notifications', () => import('../screens/notifications')),
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  basepath: basePath() || '/',
  defaultPreload: 'intent',
  scrollRestoration: false,
  // What an address holds is texts; they stand there as people would write them.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const pairs = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
    const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
    return text === '' ? '' : `?${text.replaceAll('%2C', ',').replaceAll('%3A', ':')}`;
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
