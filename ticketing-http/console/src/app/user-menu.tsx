/** Who one is, and whether one takes work: said here in one press, or in the menu, which has all else. */
import { Pause, Play } from 'lucide-react';
import { lazy } from 'react';
import { useMe } from '../api/session';
import { useCommands } from '../keys/commands';
import { useText } from '../text';
import { Avatar } from '../ui/avatar';
import { Button } from '../ui/button';
import { MenuOpener } from '../ui/menu-button';
import { AVAILABILITIES, availabilityText, useAvailability } from './availability';
import styles from './user-menu.module.css';

const loadList = () => import('./user-menu-list');
const List = lazy(loadList);

export function UserMenu({ onKeys }: { onKeys: () => void }) {
  const me = useMe();
  const words = useText(availabilityText);
  const { set, isBusy } = useAvailability();
  const isStaff = me.role !== 'customer';
  useCommands(
    isStaff
      ? AVAILABILITIES.map((id) => ({
          id: `availability.${id}`,
          group: words.title,
          title: words.be[id],
          disabled: id === me.availability,
          run: () => set(id),
        }))
      : [],
  );
  const other = me.availability === 'online' ? 'away' : 'online';
  return (
    <>
      <MenuOpener
        label={words.menu(isStaff ? `${me.name}, ${words[me.availability]}` : me.name)}
        className={styles.button}
        load={loadList}
        List={List}
        listProps={{ onKeys, onAvailability: isStaff ? set : undefined }}
      >
        <Avatar name={me.name} availability={isStaff ? me.availability : undefined} />
        <span className={styles.name}>{me.name}</span>
      </MenuOpener>
      {isStaff && (
        <Button
          size="small"
          className={styles.quick}
          label={words.be[other]}
          icon={other === 'away' ? <Pause size={14} /> : <Play size={14} />}
          busy={isBusy}
          onClick={() => set(other)}
        />
      )}
    </>
  );
}
