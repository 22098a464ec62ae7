/** Whether one takes work, light or dark, and the way out. */
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { Circle, Keyboard, LogOut, Monitor, Moon, Sun, User as UserIcon } from 'lucide-react';
import { signOut, useMe } from '../api/session';
import type { Availability } from '../api/types';
import { setTheme, useTheme, type Theme } from '../theme/theme';
import { defineText, useText } from '../text';
import Menu from '../ui/menu';
import type { Opened } from '../ui/menu-button';
import { toastError } from '../ui/toast';
import { AVAILABILITIES, availabilityText } from './availability';

const text = defineText(
  {
    theme: 'Theme',
    light: 'Light',
    dark: 'Dark',
    system: 'As the system',
    account: 'Your account',
    keys: 'Keys',
    signOut: 'Sign out',
  },
  {
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

interface Props extends Opened {
  onKeys: () => void;
  /** Only staff takes work. */
  onAvailability: ((availability: Availability) => void) | undefined;
}

export default function UserMenuList({ onKeys, onAvailability, ...opened }: Props) {
  const me = useMe();
  const words = useText(text);
  const availability = useText(availabilityText);
  const theme = useTheme();
  const router = useRouter();
  const queries = useQueryClient();
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
    <Menu
      {...opened}
      groups={[
        ...(onAvailability === undefined
          ? []
          : [
              {
                title: availability.title,
                selected: me.availability,
                items: AVAILABILITIES.map((id) => ({
                  id,
                  label: availability[id],
                  icon: <Circle size={16} />,
                  run: () => onAvailability(id),
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
    />
  );
}
