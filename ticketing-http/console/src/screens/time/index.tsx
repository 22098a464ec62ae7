/** Working time: one's week and month, and what it all comes to. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useTitle } from '../../app/desk';
import { NotFound } from '../../app/not-found';
import { useMe } from '../../api/session';
import { useCommands } from '../../keys/commands';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { Segments } from '../../ui/segments';
import { PersonPick } from '../admin/person-pick';
import { mayManage } from './data';
import { isDay, today, zone } from './days';
import { MonthSheet } from './month';
import { askTime } from './open';
import { pageText } from './page-text';
import styles from './page.module.css';
import { Summary } from './summary';
import { timeText } from './text';
import { WeekSheet } from './week';

export default function Screen() {
  return useMe().role === 'customer' ? <NotFound /> : <TimePage />;
}

const VIEWS = ['week', 'month', 'summary'] as const;

function TimePage() {
  const words = useText(pageText);
  const time = useText(timeText);
  const me = useMe();
  const navigate = useNavigate();
  const search: Partial<Record<string, string>> = useSearch({ strict: false });
  const view = VIEWS.find((one) => one === search['view']) ?? 'week';
  const day = isDay(search['day']) ? search['day'] : today();
  const userId = (mayManage(me) ? search['user'] : undefined) ?? me.id;
  useTitle(words.title);
  const log = () => askTime({ kind: 'log', userId: userId === me.id ? undefined : userId });
  useCommands([{ id: 'time.log', group: words.title, title: time.log, keys: ['n'], run: log }]);
  const sheet = { day: search['day'], user: search['user'] };
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1 className={styles.title}>{words.title}</h1>
        <Segments
          label={words.views}
          items={VIEWS.map((one) => ({
            label: words.view[one],
            search:
              one === view
                ? { ...search }
                : { ...(one === 'summary' ? {} : sheet), view: one === 'week' ? undefined : one },
          }))}
        />
        <Button kind="primary" icon={<Plus size={16} />} onClick={log}>
          {time.log}
        </Button>
      </header>
      {view !== 'summary' && mayManage(me) && (
        <PersonPick
          className={styles.person ?? ''}
          label={words.person}
          value={userId}
          roles={['agent', 'manager', 'admin']}
          canBeEmpty={false}
          onChange={(id) =>
            void navigate({
              to: '.',
              search: { ...search, user: id === null || id === me.id ? undefined : id },
              replace: true,
            })
          }
        />
      )}
      {view === 'week' && <WeekSheet key={userId} day={day} userId={userId} />}
      {view === 'month' && <MonthSheet day={day} userId={userId} />}
      {view === 'summary' && <Summary />}
      <p className={styles.zone}>{words.zone(zone().replaceAll('_', ' '))}</p>
    </div>
  );
}
