/** The views, where one goes from everywhere. */
import { Link, useRouter, useRouterState } from '@tanstack/react-router';
import {
  AlertTriangle,
  Bell,
  CheckCircle2,
  Clock,
  Inbox,
  ListFilter,
  RefreshCw,
  SlidersHorizontal,
  User,
  UserX,
  Workflow,
  type LucideIcon,
} from 'lucide-react';
import type { Command } from '../keys/commands';
import { useViewCounts } from '../screens/queue/counts';
import {
  ALL,
  idOf,
  isRef,
  refOf,
  useFirstView,
  useViewName,
  useViews,
  viewNames,
  type SavedView,
} from '../screens/queue/views';
import { defineText, useText } from '../text';
import { buttonClass } from '../ui/button';
import { classes } from '../ui/classes';
import styles from './shell.module.css';

const text = defineText(
  { views: 'Views', broken: 'This view asks for what is not there any more.' },
  { views: 'Ansichten', broken: 'Diese Ansicht fragt nach etwas, das es nicht mehr gibt.' },
);

/** Pictures by the names that views have for them. */
export const ICONS: Readonly<Partial<Record<string, LucideIcon>>> = {
  inbox: Inbox,
  'user-x': UserX,
  'triangle-alert': AlertTriangle,
  clock: Clock,
  'circle-check': CheckCircle2,
  'refresh-cw': RefreshCw,
  bell: Bell,
  user: User,
  workflow: Workflow,
  'list-filter': ListFilter,
};

const OF_KEY = {
  mine: Inbox,
  unassigned: UserX,
  breaching: AlertTriangle,
  waiting: Clock,
  open: CheckCircle2,
  recent: RefreshCw,
} satisfies Record<NonNullable<SavedView['key']>, LucideIcon>;

export function ViewIcon({ view }: { view: Pick<SavedView, 'key' | 'icon'> }) {
  const icon = view.icon ?? '';
  // Any name may stand there, also one that every object has something under.
  const chosen = Object.hasOwn(ICONS, icon) ? ICONS[icon] : undefined;
  const Icon = chosen ?? (view.key === null ? ListFilter : OF_KEY[view.key]);
  return <Icon size={16} />;
}

/** How one goes to each view; the first nine by their number. */
export function useViewPlaces(group: string): Command[] {
  const { data: views = [] } = useViews();
  const words = useText(text);
  const nameOf = useViewName();
  const router = useRouter();
  return views.map((view, at) => ({
    id: `go.${refOf(view)}`,
    group,
    title: nameOf(view),
    words: words.views,
    ...(at < 9 ? { keys: [`g ${at + 1}`] } : {}),
    run: () => void router.navigate({ to: '/', search: { view: refOf(view) } }),
  }));
}

export function ViewRail({ label }: { label: string }) {
  const words = useText(text);
  const names = useText(viewNames);
  const nameOf = useViewName();
  const { data: views } = useViews();
  const counts = useViewCounts();
  const first = useFirstView();
  const { path, search } = useRouterState({
    select: (state) => ({ path: state.location.pathname, search: state.location.search }),
  });
  const { view, queue } = search as { view?: string; queue?: string };
  const ref = view ?? queue;
  const current = path === '/' ? idOf(isRef(ref) ? ref : first) : undefined;
  const item = (ref: string, name: string, saved?: SavedView) => (
    <li key={ref}>
      <Link
        to="/"
        search={{ view: ref }}
        className={styles.item}
        aria-current={current === idOf(ref) ? 'page' : undefined}
        title={saved?.is_broken === true ? words.broken : name}
      >
        {saved === undefined ? <ListFilter size={16} /> : <ViewIcon view={saved} />}
        <span className={styles.name} dir="auto">
          {name}
        </span>
        {saved?.is_broken === true && <AlertTriangle size={14} aria-label={words.broken} />}
        <span className={styles.count}>{counts.get(idOf(ref))}</span>
      </Link>
    </li>
  );
  return (
    <section aria-label={label}>
      <div className={styles.headed}>
        <h2 className={styles.heading}>{label}</h2>
        <Link
          to="/views"
          className={classes(buttonClass('quiet', 'small', true), styles.manage)}
          aria-label={words.views}
          title={words.views}
        >
          <SlidersHorizontal size={14} />
        </Link>
      </div>
      <ul>
        {views?.map((one) => item(refOf(one), nameOf(one), one))}
        {views?.length === 0 && item(ALL, names.all)}
      </ul>
    </section>
  );
}
