/** Around every page of a customer: less a tool than a place to ask. */
import { Link, Outlet, useRouter } from '@tanstack/react-router';
import { Inbox, Plus } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../text';
import { buttonClass } from '../ui/button';
import { classes } from '../ui/classes';
import { useDesk } from './desk';
import styles from './portal-frame.module.css';
import { Content, FrameDialogs, shellText, SkipLink, SmallBell, useFrameCommands, type FrameDialog } from './shell';
import { UserMenu } from './user-menu';

export default function PortalFrame() {
  const words = useText(shellText);
  const desk = useDesk();
  const router = useRouter();
  const [dialog, setDialog] = useState<FrameDialog>();
  useFrameCommands(setDialog, [
    {
      id: 'go.mine',
      group: words.go,
      title: words.myTickets,
      keys: ['g 1'],
      run: () => void router.navigate({ to: '/' }),
    },
  ]);
  return (
    <div className={styles.frame}>
      <SkipLink />
      <header className={styles.bar} style={desk.colour === null ? undefined : { borderBlockStartColor: desk.colour }}>
        <div className={styles.inner}>
          <Link to="/" className={styles.brand}>
            <img src="./icon.svg" alt="" height={26} className={styles.logo} />
            <span dir="auto">{desk.name}</span>
          </Link>
          <nav className={styles.nav} aria-label={words.main}>
            <Link
              to="/"
              activeOptions={{ exact: true, includeSearch: false }}
              activeProps={{ 'aria-current': 'page' }}
              className={styles.item}
            >
              <Inbox size={16} />
              {words.myTickets}
            </Link>
            <Link to="/tickets/new" className={classes(buttonClass('primary'), styles.new)}>
              <Plus size={16} />
              {words.newTicket}
            </Link>
          </nav>
          <div className={styles.person}>
            <SmallBell label={words.notifications} />
            <UserMenu onKeys={() => setDialog('keys')} />
          </div>
        </div>
      </header>
      <Content>
        <div className={styles.column}>
          <Outlet />
        </div>
      </Content>
      <FrameDialogs open={dialog} onClose={() => setDialog(undefined)} />
    </div>
  );
}
