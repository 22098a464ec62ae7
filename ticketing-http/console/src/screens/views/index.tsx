/** All views: in which order they stand, who sees each, and which were put away. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowDown, ArrowUp, Plus } from 'lucide-react';
import { useState } from 'react';
import { api, ifVersion, ok } from '../../api/client';
import { useDirectory } from '../../api/directory';
import { useMe } from '../../api/session';
import { NotFound } from '../../app/not-found';
import { ViewIcon } from '../../app/view-rail';
import { useCommands } from '../../keys/commands';
import { useText } from '../../text';
import { Button, buttonClass } from '../../ui/button';
import { Chip } from '../../ui/chip';
import { Empty } from '../../ui/empty';
import { Loaded } from '../../ui/loaded';
import { Table, rowLink } from '../../ui/table';
import { toast, toastError } from '../../ui/toast';
import { refOf, useViewName, type SavedView } from '../queue/views';
import { useReasons } from './broken';
import { useAllViews } from './data';
import { Head } from './head';
import { ALL_VIEWS, keepView } from './kept';
import { positionsAt } from './order';
import { useRights } from '../../ui/sharing-rights';
import { viewText } from './text';
import styles from './views.module.css';

const CHANGE = ['views', 'change'];

export default function Views() {
  const me = useMe();
  return me.role === 'customer' ? <NotFound /> : <List />;
}

function List() {
  const words = useText(viewText);
  const navigate = useNavigate();
  const views = useAllViews();
  const create = () => void navigate({ to: '/views/$id', params: { id: 'new' } });
  useCommands([{ id: 'views.new', group: words.group, title: words.new, keys: ['n'], run: create }]);
  return (
    <div className={styles.page}>
      <Head title={words.title} about={words.about}>
        <Link to="/views/$id" params={{ id: 'new' }} className={buttonClass('primary')}>
          <Plus size={16} />
          {words.new}
        </Link>
      </Head>
      <Loaded of={views}>{(all) => (all.length === 0 ? <Empty title={words.empty} /> : <Rows views={all} />)}</Loaded>
    </div>
  );
}

function Rows({ views }: { views: readonly SavedView[] }) {
  const words = useText(viewText);
  const queries = useQueryClient();
  const rights = useRights();
  const reasons = useReasons();
  const nameOf = useViewName();
  const { teams } = useDirectory();
  const [said, setSaid] = useState('');
  const shown = views.filter((view) => !view.is_hidden);
  const change = useMutation({
    mutationKey: CHANGE,
    mutationFn: async (changes: readonly { view: SavedView; body: { position: number } | { is_hidden: false } }[]) => {
      for (const { view, body } of changes) {
        const params = { path: { id: view.id }, header: ifVersion(view.version) };
        keepView(queries, await ok(api.PATCH('/api/views/{id}', { params, body })));
      }
    },
    onError: (error) => {
      toastError(error);
      void queries.invalidateQueries({ queryKey: ALL_VIEWS });
    },
  });
  const move = (view: SavedView, by: -1 | 1) => {
    // What the last press is changing is not known yet.
    if (queries.isMutating({ mutationKey: CHANGE }) > 0) return;
    const to = shown.indexOf(view) + by;
    const changes = positionsAt(shown, view.id, to, rights.mayChange);
    if (changes.length === 0) toastError(new Error(words.noRoom));
    else
      change.mutate(
        changes.map(({ view, position }) => ({ view, body: { position } })),
        { onSuccess: () => setSaid(words.movedTo(nameOf(view), to + 1)) },
      );
  };
  const bringBack = (view: SavedView) =>
    change.mutate([{ view, body: { is_hidden: false } }], { onSuccess: () => toast(words.shownAgain) });
  return (
    <>
      <Table
        label={words.list}
        rows={[...shown, ...views.filter((view) => view.is_hidden)]}
        keyOf={({ id }) => id}
        nameTitle={words.name}
        isFaint={({ is_hidden }) => is_hidden}
        beforeName={(view) => (
          <span className={styles.icon}>
            <ViewIcon view={view} />
          </span>
        )}
        name={(view) => (
          <Link to="/views/$id" params={{ id: view.id }} className={rowLink} data-row dir="auto">
            {nameOf(view)}
          </Link>
        )}
        belowName={(view) => {
          const why = reasons(view);
          return why.length === 0 ? null : <span className={styles.hint}>{why.join(' ')}</span>;
        }}
        columns={[
          {
            id: 'who',
            title: words.who,
            cell: ({ visibility, team_id }) =>
              visibility === 'team' ? (
                <span dir="auto">{teams.get(team_id ?? '')?.name}</span>
              ) : (
                words.seenBy[visibility]
              ),
          },
          {
            id: 'state',
            title: words.state,
            cell: ({ is_broken, is_hidden }) =>
              is_broken ? (
                <Chip tone="bad">{words.brokenShort}</Chip>
              ) : (
                is_hidden && <Chip tone="off">{words.hidden}</Chip>
              ),
          },
          {
            id: 'do',
            title: words.order,
            isNarrow: true,
            cell: (view) => {
              const at = shown.indexOf(view);
              const name = nameOf(view);
              if (view.is_hidden)
                return (
                  <Button size="small" onClick={() => bringBack(view)}>
                    {words.showAgain}
                  </Button>
                );
              return (
                <span className={styles.rowActions}>
                  {rights.mayChange(view) && (
                    <>
                      <Button
                        label={words.up(name)}
                        icon={<ArrowUp size={14} />}
                        disabled={at === 0}
                        onClick={() => move(view, -1)}
                      />
                      <Button
                        label={words.down(name)}
                        icon={<ArrowDown size={14} />}
                        disabled={at === shown.length - 1}
                        onClick={() => move(view, 1)}
                      />
                    </>
                  )}
                  <Link
                    to="/"
                    search={{ view: refOf(view) }}
                    className={buttonClass('quiet', 'small')}
                    aria-label={`${words.open}: ${name}`}
                  >
                    {words.open}
                  </Link>
                </span>
              );
            },
          },
        ]}
      />
      <p className="visually-hidden" role="status">
        {said}
      </p>
    </>
  );
}
