/** Around every page of whoever is signed in: where to go, and who one is. */
import { Link, Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import {
  Bell,
  Clock,
  Command as CommandIcon,
  Menu as MenuIcon,
  Plus,
  Settings,
  User as UserIcon,
  Workflow,
  X,
} from 'lucide-react';
import { Suspense, lazy, useEffect, useState, type ReactNode } from 'react';
import { useConnection } from '../api/live';
import { useMe, useSession } from '../api/session';
import { shown, useCommands, useHeldKeys, type Command } from '../keys/commands';
import { useDesktopNotifications } from '../screens/notifications/desktop';
import { useUnreadCount } from '../screens/notifications/unread';
import { defineText, useText } from '../text';
import { Button, buttonClass } from '../ui/button';
import { classes } from '../ui/classes';
import { useAhead } from './ahead';
import { useLeftBehind } from './left-behind';
import styles from './shell.module.css';
import { UserMenu } from './user-menu';
import { ViewRail, useViewPlaces } from './view-rail';

const loadPalette = () => import('./palette');
const Palette = lazy(loadPalette);
const PortalFrame = lazy(() => import('./portal-frame'));
const KeyHelp = lazy(() => import('./key-help'));
const loadTimer = () => import('../screens/time/frame-timer');
const Timer = lazy(loadTimer);

export const shellText = defineText(
  {
    skip: 'Skip to content',
    main: 'Main',
    queues: 'Tickets',
    newTicket: 'New ticket',
    myTickets: 'My tickets',
    search: 'Search and commands',
    time: 'Time',
    workflows: 'Workflows',
    admin: 'Administration',
    settings: 'Settings',
    notifications: 'Notifications',
    unread: (n: string) => `${n} unread`,
    open: 'Open the menu',
    close: 'Close the menu',
    away: 'No connection. What you see may be old; it comes back by itself.',
    go: 'Go to',
    general: 'General',
    keys: 'Show the keys',
    me: 'Your account',
  },
  {
    skip: 'Zum Inhalt springen',
    main: 'Hauptmenü',
    queues: 'Tickets',
    newTicket: 'Neues Ticket',
    myTickets: 'Meine Tickets',
    search: 'Suche und Befehle',
    time: 'Zeit',
    workflows: 'Abläufe',
    admin: 'Verwaltung',
    settings: 'Einstellungen',
    notifications: 'Benachrichtigungen',
    unread: (n: string) => `${n} ungelesen`,
    open: 'Menü öffnen',
    close: 'Menü schließen',
    away: 'Keine Verbindung. Was Sie sehen, kann veraltet sein; sie kommt von selbst wieder.',
    go: 'Gehe zu',
    general: 'Allgemein',
    keys: 'Tasten zeigen',
    me: 'Ihr Konto',
  },
);

export function Shell() {
  const session = useSession();
  // Between signing out and the sign-in page there is nothing to show.
  if (session.state !== 'signed-in' && session.state !== 'expired') return null;
  if (session.user.role !== 'customer') return <Frame />;
  return (
    <Suspense>
      <PortalFrame />
    </Suspense>
  );
}

export type FrameDialog = 'palette' | 'keys';

/** What can be done from everywhere, and where else one can go. */
export function useFrameCommands(show: (dialog: FrameDialog) => void, places: readonly Command[]): void {
  const words = useText(shellText);
  const router = useRouter();
  const go = (to: string) => void router.navigate({ to });
  useCommands(
    [
      {
        id: 'palette',
        group: words.general,
        title: words.search,
        keys: ['Mod+k'],
        inInputs: true,
        run: () => show('palette'),
      },
      { id: 'keys', group: words.general, title: words.keys, keys: ['?'], run: () => show('keys') },
      { id: 'ticket.new', group: words.general, title: words.newTicket, keys: ['c'], run: () => go('/tickets/new') },
      ...places,
      {
        id: 'go.notifications',
        group: words.go,
        title: words.notifications,
        keys: ['g n'],
        run: () => go('/notifications'),
      },
      { id: 'go.me', group: words.go, title: words.me, keys: ['g p'], run: () => go('/me') },
    ],
    true,
  );
}

export function SkipLink() {
  const words = useText(shellText);
  return (
    <a
      href="#content"
      className={styles.skip}
      onClick={(event) => {
        event.preventDefault();
        document.getElementById('content')?.focus();
      }}
    >
      {words.skip}
    </a>
  );
}

/** Where the page is shown, below what is to be said of the connection. */
export function Content({ children }: { children: ReactNode }) {
  const words = useText(shellText);
  const connection = useConnection();
  useDesktopNotifications();
  useLeftBehind();
  return (
    <main id="content" className={styles.content} tabIndex={-1}>
      {connection === 'away' && (
        <p className={styles.away} role="status">
          {words.away}
        </p>
      )}
      {children}
    </main>
  );
}

export function FrameDialogs({ open, onClose }: { open: FrameDialog | undefined; onClose: () => void }) {
  useAhead(loadPalette);
  useHeldKeys(open !== undefined);
  return (
    <>
      {open === 'palette' && <PaletteToCome onClose={onClose} />}
      <Suspense>{open === 'keys' && <KeyHelp onClose={onClose} />}</Suspense>
    </>
  );
}

/** The palette; until its code is there, a field that takes what is typed. */
function PaletteToCome({ onClose }: { onClose: () => void }) {
  const words = useText(shellText);
  const [typed, setTyped] = useState('');
  const [isEntered, setEntered] = useState(false);
  // The field may come and go before the palette, which then no longer knows where the focus was.
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus();
      });
    },
    [opener],
  );
  const field = (
    <input
      autoFocus
      className={styles.paletteToCome}
      aria-label={words.search}
      aria-busy
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
        else if (event.key === 'Enter') setEntered(true);
      }}
    />
  );
  return (
    <Suspense fallback={field}>
      <Palette typed={typed} isEntered={isEntered} onClose={onClose} />
    </Suspense>
  );
}

function Frame() {
  const me = useMe();
  const words = useText(shellText);
  const router = useRouter();
  const path = useRouterState({ select: (state) => state.location.pathname });
  // A page that was gone to is what one wants to see, not the menu that led there.
  const [menuOpenAt, setMenuOpenAt] = useState<string>();
  const isMenuOpen = menuOpenAt === path;
  const setMenuOpen = (isOpen: boolean) => setMenuOpenAt(isOpen ? path : undefined);
  const [dialog, setDialog] = useState<FrameDialog>();
  const [hasTimer, setTimer] = useState(false);
  useAhead(() => loadTimer().then(() => setTimer(true)));
  const settings = me.role === 'admin' ? words.admin : words.settings;

  const go = (to: string) => void router.navigate({ to });
  const places = useViewPlaces(words.go);
  useFrameCommands(setDialog, [
    ...places,
    { id: 'go.time', group: words.go, title: words.time, keys: ['g t'], run: () => go('/time') },
    ...(me.role === 'admin'
      ? [{ id: 'go.workflows', group: words.go, title: words.workflows, keys: ['g w'], run: () => go('/workflows') }]
      : []),
    { id: 'go.admin', group: words.go, title: settings, keys: ['g a'], run: () => go('/admin') },
  ]);

  return (
    <div className={styles.frame}>
      <SkipLink />
      <header className={styles.bar}>
        <Button
          className={styles.menuButton}
          label={words.open}
          icon={<MenuIcon size={18} />}
          aria-expanded={isMenuOpen}
          onClick={() => setMenuOpen(true)}
        />
        <Link to="/" className={styles.brand} aria-label={words.queues}>
          <img src="./icon.svg" alt="" width={22} height={22} />
        </Link>
        <span className={styles.space} />
        <Suspense>{hasTimer && <Timer isInBar />}</Suspense>
        <SmallBell label={words.notifications} />
      </header>
      {isMenuOpen && (
        <button type="button" className={styles.veil} aria-label={words.close} onClick={() => setMenuOpen(false)} />
      )}
      <nav className={classes(styles.rail, isMenuOpen && styles.isOpen)} aria-label={words.main}>
        <div className={styles.top}>
          <UserMenu onKeys={() => setDialog('keys')} />
          <Button
            className={styles.menuButton}
            label={words.close}
            icon={<X size={18} />}
            onClick={() => setMenuOpen(false)}
          />
        </div>
        <button type="button" className={styles.search} onClick={() => setDialog('palette')}>
          <CommandIcon size={14} />
          <span>{words.search}</span>
          <kbd>{shown('Mod+k').join()}</kbd>
        </button>
        <Link to="/tickets/new" className={classes(buttonClass('primary'), styles.new)}>
          <Plus size={16} />
          {words.newTicket}
        </Link>
        <Suspense>{hasTimer && <Timer />}</Suspense>
        <ViewRail label={words.queues} />
        <ul className={styles.rest}>
          <li>
            <Notifications label={words.notifications} />
          </li>
          <li>
            <Item to="/time" icon={<Clock size={16} />}>
              {words.time}
            </Item>
          </li>
          {me.role === 'admin' && (
            <li>
              <Item to="/workflows" icon={<Workflow size={16} />}>
                {words.workflows}
              </Item>
            </li>
          )}
          <li>
            <Item to="/admin" icon={<Settings size={16} />}>
              {settings}
            </Item>
          </li>
          <li>
            <Item to="/me" icon={<UserIcon size={16} />}>
              {words.me}
            </Item>
          </li>
        </ul>
      </nav>
      <Content>
        <Outlet />
      </Content>
      <FrameDialogs open={dialog} onClose={() => setDialog(undefined)} />
    </div>
  );
}

function Item({ to, icon, count, children }: { to: string; icon: ReactNode; count?: ReactNode; children: ReactNode }) {
  return (
    <Link
      to={to}
      activeOptions={{ exact: to === '/' }}
      className={styles.item}
      activeProps={{ 'aria-current': 'page' }}
    >
      {icon}
      <span className={styles.name}>{children}</span>
      {count}
    </Link>
  );
}

function Notifications({ label }: { label: string }) {
  const words = useText(shellText);
  const unread = useUnreadCount();
  return (
    <Item
      to="/notifications"
      icon={<Bell size={16} />}
      count={
        unread > 0 && (
          <span className={styles.badge} aria-label={words.unread(String(unread))}>
            {unread > 99 ? '99+' : unread}
          </span>
        )
      }
    >
      {label}
    </Item>
  );
}

/** The bell of a bar. */
export function SmallBell({ label }: { label: string }) {
  const words = useText(shellText);
  const unread = useUnreadCount();
  return (
    <Link
      to="/notifications"
      className={classes(buttonClass('quiet', undefined, true), styles.bell)}
      aria-label={unread > 0 ? `${label}: ${words.unread(String(unread))}` : label}
    >
      <Bell size={18} />
      {unread > 0 && <span className={styles.dot} />}
    </Link>
  );
}
