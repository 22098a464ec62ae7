import { Link, useNavigate } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { Plus, Workflow } from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import { useTitle } from '../../app/desk';
import { api, ok } from '../../api/client';
import { useMe } from '../../api/session';
import { NotFound } from '../../app/not-found';
import { useCommands } from '../../keys/commands';
import { useText } from '../../text';
import { Button, buttonClass } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { TextField } from '../../ui/field';
import { MenuButton } from '../../ui/menu-button';
import { saveFile } from '../../ui/save-file';
import { Skeleton } from '../../ui/skeleton';
import { toastError } from '../../ui/toast';
import { useSpeech, useWorkflows } from './data';
import { RuleList } from './list';
import styles from './list.module.css';
import { summary } from './model/describe';
import { readDraft } from './model/draft';
import type { JsonObject } from './model/json';
import { listText } from './text';

const Import = lazy(() => import('./import'));
const LintAll = lazy(() => import('./lint-all'));

/** Saves all rules as a file. */
async function saveAll(): Promise<void> {
  const all = await ok(api.GET('/api/workflows/export'));
  saveFile(new Blob([`${JSON.stringify(all, null, 2)}\n`], { type: 'application/json' }), 'workflows.json');
}

export default function Screen() {
  const me = useMe();
  return me.role === 'admin' ? <Workflows /> : <NotFound />;
}

const NOTHING: never[] = [];

function Workflows() {
  const words = useText(listText);
  useTitle(words.title);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { data: rules, isError, refetch } = useWorkflows();
  const speech = useSpeech(rules ?? NOTHING);
  const [dialog, setDialog] = useState<'import' | 'lint'>();
  const [query, setQuery] = useState('');

  const add = () => void navigate({ to: '/workflows/$id', params: { id: 'new' } });
  const save = () => void saveAll().catch(toastError);
  useCommands([
    { id: 'workflow.new', group: words.group, title: words.new, keys: ['n'], run: add },
    { id: 'workflow.lint', group: words.group, title: words.check, run: () => setDialog('lint') },
    { id: 'workflow.import', group: words.group, title: words.import, run: () => setDialog('import') },
    { id: 'workflow.export', group: words.group, title: words.export, run: save },
  ]);

  const wanted = query.trim().toLowerCase();
  const shown = rules?.map((rule) => ({ rule, says: summary(readDraft(rule as unknown as JsonObject), speech) }));
  const found = shown?.filter(({ rule, says }) =>
    `${rule.name} ${rule.description ?? ''} ${says.when} ${says.does}`.toLowerCase().includes(wanted),
  );

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div className={styles.titles}>
          <h1 className={styles.title}>{words.title}</h1>
          <p className={styles.about}>{words.about}</p>
        </div>
        <div className={styles.tools}>
          <MenuButton
            label={words.more}
            className={buttonClass('plain')}
            groups={[
              {
                items: [
                  { id: 'lint', label: words.check, run: () => setDialog('lint') },
                  { id: 'import', label: words.import, run: () => setDialog('import') },
                  { id: 'export', label: words.export, isDisabled: rules?.length === 0, run: save },
                ],
              },
            ]}
          >
            {words.more}
          </MenuButton>
          <Link to="/workflows/$id" params={{ id: 'new' }} className={buttonClass('primary')}>
            <Plus size={16} />
            {words.new}
          </Link>
        </div>
      </header>
      {isError && rules === undefined ? (
        <Empty title={words.failed} action={<Button onClick={() => void refetch()}>{words.again}</Button>} />
      ) : found === undefined || rules === undefined ? (
        <Skeleton lines={6} height="3.5rem" />
      ) : rules.length === 0 ? (
        <Empty
          title={words.none}
          icon={<Workflow size={22} />}
          action={
            <Link to="/workflows/$id" params={{ id: 'new' }} className={buttonClass('primary')}>
              <Plus size={16} />
              {words.new}
            </Link>
          }
        >
          {words.noneAbout}
        </Empty>
      ) : (
        <>
          {rules.length > 8 && (
            <TextField
              label={words.filter}
              isLabelHidden
              type="search"
              placeholder={words.filter}
              className={styles.filter}
              value={query}
              onChange={(event) => setQuery(event.target.value)}
            />
          )}
          {found.length === 0 ? (
            <p className={styles.about}>{words.noMatch}</p>
          ) : (
            <RuleList shown={found} all={rules} canMove={wanted === ''} />
          )}
          {rules.length > 1 && <p className={styles.hint}>{words.moveHint}</p>}
        </>
      )}
      <Suspense>
        {dialog === 'import' && (
          <Import
            onClose={(isTaken) => {
              setDialog(undefined);
              if (isTaken) void queries.invalidateQueries({ queryKey: ['workflows'] });
            }}
          />
        )}
        {dialog === 'lint' && <LintAll rules={rules ?? NOTHING} onClose={() => setDialog(undefined)} />}
      </Suspense>
    </div>
  );
}
