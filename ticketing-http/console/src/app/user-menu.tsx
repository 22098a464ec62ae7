/** Who one is, whether one takes work, light or dark, and the way out. */
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { Circle, Keyboard, LogOut, Monitor, Moon, Sun, User as UserIcon } from 'lucide-react';
import { api, ok } from '../api/client';
import { sayAvailability } from '../api/live';
import { signOut, updateMe, useMe } from '../api/session';
import type { Availability } from '../api/types';
import { setTheme, useTheme, type Theme } from '../theme/theme';
import { defineText, useText } from '../text';
import { Avatar } from '../ui/avatar';
import { MenuButton } from '../ui/menu-button';
import { toastError } from '../ui/toast';
import styles from './user-menu.module.css';

const text = defineText(
  {
    label: (name: string) => `${name}: account, theme, sign out`,
    availability: 'Availability',
    online: 'Online',
    away: 'Away',
    offline: 'Offline',
    theme: 'Theme',
    light: 'Light',
    dark: 'Dark',
    system: 'As the system',
    account: 'Your account',
    keys: 'Keys',
    signOut: 'Sign out',
  },
  {
    label: (name: string) => `${name}: Konto, Darstellung, Abmelden`,
    availability: 'Verfügbarkeit',
    online: 'Verfügbar',
    away: 'Abwesend',
    offline: 'Offline',
    theme: 'Darstellung',
    light: 'Hell',
    dark: 'Dunkel',
    system: 'Wie das System',
    account: 'Ihr Konto',
    keys: 'Tasten',
    signOut: 'Abmelden',
  },
);

const themes: readonly { id: Theme; icon: React.ReactNode }[] = [
  { id: 'light', icon: <Sun size={16} /> },
  { id: 'dark', icon: <Moon size={16} /> },
  { id: 'system', icon: <Monitor size={16} /> },
];

export function UserMenu({ onKeys }: { onKeys: () => void }) {
  const me = useMe();
  const words = useText(text);
  const theme = useTheme();
  const router = useRouter();
  const queries = useQueryClient();

  const setAvailability = async (availability: Availability) => {
    try {
      await sayAvailability(availability).catch(async () => {
        // Without a socket the same goes by a request.
        await ok(api.PATCH('/api/auth/me', { body: { availability } }));
      });
      updateMe({ ...me, availability });
    } catch (error) {
      toastError(error);
    }
  };
  const leave = async () => {
    try {
      await signOut();
      queries.clear();
      await router.navigate({ to: '/sign-in' });
    } catch (error) {
      toastError(error);
    }
  };

  return (
    <MenuButton
      label={words.label(me.name)}
      className={styles.button}
      groups={[
        ...(me.role === 'customer'
          ? []
          : [
              {
                title: words.availability,
                selected: me.availability,
                items: (['online', 'away', 'offline'] as const).map((id) => ({
                  id,
                  label: words[id],
                  icon: <Circle size={16} />,
                  run: () => void setAvailability(id),
                })),
              },
            ]),
        {
          title: words.theme,
          selected: theme,
          items: themes.map(({ id, icon }) => ({ id, label: words[id], icon, run: () => setTheme(id) })),
        },
        {
          items: [
            {
              id: 'account',
              label: words.account,
              icon: <UserIcon size={16} />,
              run: () => void router.navigate({ to: '/me' }),
            },
            { id: 'keys', label: words.keys, icon: <Keyboard size={16} />, keys: '?', run: onKeys },
            { id: 'sign-out', label: words.signOut, icon: <LogOut size={16} />, run: () => void leave() },
          ],
        },
      ]}
    >
      <Avatar name={me.name} />
      <span className={styles.name}>{me.name}</span>
      {me.role !== 'customer' && <span className={styles.dot} data-availability={me.availability} />}
    </MenuButton>
  );
}
