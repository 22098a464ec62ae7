/** What the members hold now, and what waits for somebody. */
import { Link } from '@tanstack/react-router';
import { STATUSES, type Schemas, type Team } from '../../../api/types';
import { useFormat } from '../../../format';
import { useText } from '../../../text';
import { Avatar } from '../../../ui/avatar';
import { Chip } from '../../../ui/chip';
import { Loaded } from '../../../ui/loaded';
import { Meter } from '../../../ui/meter';
import { routingText } from '../../../ui/routing-text';
import { Section } from '../../../ui/section';
import { Table, type Column } from '../../../ui/table';
import { Ago } from '../../../ui/time';
import { ALL } from '../../queue/views';
import { adminText } from '../text';
import { useTeamLoad } from './data';
import styles from './load.module.css';
import { loadText } from './load-text';
import { teamText } from './text';

/** No view says this for sure: each can be put away or made something else. */
const OPEN = STATUSES.filter((status) => status !== 'resolved' && status !== 'closed');

type MemberLoad = Schemas['MemberLoad'];

/** From where on the API counts no further. */
const MOST_WAITING = 1_000;

export function TeamLoad({ team }: { team: Team }) {
  const words = useText(loadText);
  const query = useTeamLoad(team);
  return (
    <Section title={words.title} about={words.about}>
      <Loaded of={query} lines={5}>
        {(load) => (
          <>
            <Waiting team={team} load={load} />
            <Holders label={words.title} members={load.members} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Waiting({ team, load: { waiting } }: { team: Team; load: Schemas['TeamLoad'] }) {
  const words = useText(loadText);
  const { number } = useFormat();
  return (
    <p role="status" className={styles.waiting}>
      {waiting === 0 ? (
        words.noneWaits
      ) : (
        <Link to="/" search={{ view: ALL, assigned_agent_id: 'none', status: OPEN.join(), team_id: team.id }}>
          {words.waiting(waiting, waiting >= MOST_WAITING ? `${number(MOST_WAITING)}+` : number(waiting))}
        </Link>
      )}
    </p>
  );
}

function Holders({ label, members }: { label: string; members: readonly MemberLoad[] }) {
  const words = useText(loadText);
  const teams = useText(teamText);
  const routing = useText(routingText);
  const admin = useText(adminText);
  const { number } = useFormat();
  if (members.length === 0) return <p>{teams.noMembers}</p>;
  // Without a limit the bars compare the members with one another.
  const most = Math.max(1, ...members.map((one) => one.open));
  const columns: Column<MemberLoad>[] = [
    { id: 'role', title: teams.role, cell: (one) => teams.roles[one.role] },
    {
      id: 'availability',
      title: words.availability,
      cell: (one) => (
        <>
          {routing.availability[one.availability]}
          <span className={styles.since}>
            <Ago at={one.availability_since} />
          </span>
        </>
      ),
    },
    {
      id: 'skills',
      title: teams.skills,
      cell: (one) => one.skills.length > 0 && <span dir="auto">{one.skills.join(', ')}</span>,
    },
    {
      id: 'open',
      title: words.open,
      isNumber: true,
      cell: ({ open, capacity }) => (
        <Meter
          part={capacity === null ? open / most : capacity === 0 ? 1 : open / capacity}
          tone={capacity === null ? 'plain' : open >= capacity ? 'bad' : open >= capacity * 0.8 ? 'warn' : 'ok'}
        >
          {capacity === null ? number(open) : words.of(number(open), number(capacity))}
        </Meter>
      ),
    },
  ];
  return (
    <Table
      label={label}
      rows={members}
      keyOf={(one) => one.user_id}
      nameTitle={teams.name}
      name={(one) => <span dir="auto">{one.name}</span>}
      beforeName={(one) => <Avatar name={one.name} size={28} availability={one.availability} />}
      belowName={(one) => !one.is_active && <Chip>{admin.inactive}</Chip>}
      isFaint={(one) => !one.is_active}
      columns={columns}
    />
  );
}
