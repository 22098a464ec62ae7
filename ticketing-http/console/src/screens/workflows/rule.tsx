/** One rule: the form, and what it did and would do. What is written lives here, over all tabs. */
import { Link, useBlocker, useNavigate, useSearch } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { ChevronLeft, MoreHorizontal } from 'lucide-react';
import { Suspense, lazy, useReducer, useRef, useState } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { useTitle } from '../../app/desk';
import { useCommands } from '../../keys/commands';
import { relative } from '../../format';
import { useText } from '../../text';
import { Button, buttonClass } from '../../ui/button';
import { MenuButton } from '../../ui/menu-button';
import { Skeleton } from '../../ui/skeleton';
import { Switch } from '../../ui/switch';
import { toast } from '../../ui/toast';
import { EditingContext } from './context';
import { useSpeech, useWorkflows, workflowKey, WORKFLOWS } from './data';
import { DeleteRule } from './delete';
import { Editor, Warnings } from './editor';
import { forget, keep, keptDraft, useKeeping } from './kept';
import { Leaving } from './leaving';
import { summary } from './model/describe';
import {
  conditionPlaces,
  edit,
  newDraft,
  readDraft,
  saysTheSame,
  writeDraft,
  type Draft,
  type FieldError,
  type WorkflowWire,
} from './model/draft';
import type { JsonObject } from './model/json';
import styles from './rule.module.css';
import { SaveBar } from './save-bar';
import { useSave } from './save';
import { Stale } from './stale';
import { buildText } from './text-build';
import { pageText } from './text-rule';
import { useLint } from './trial';

const Try = lazy(() => import('./try'));
const Versions = lazy(() => import('./versions'));
const Runs = lazy(() => import('./runs'));
const TextTab = lazy(() => import('./text-tab').then(({ TextTab: only }) => ({ default: only })));

const TABS = ['edit', 'try', 'versions', 'runs'] as const;
type TabId = (typeof TABS)[number];

export const draftOf = (rule: WorkflowWire): Draft => readDraft(rule as unknown as JsonObject);

export function Rule({ saved }: { saved: WorkflowWire | undefined }) {
  const words = useText(pageText);
  const build = useText(buildText);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const search = useSearch({ strict: false });
  const id = saved?.id ?? 'new';
  const shownTabs: readonly TabId[] = saved === undefined ? ['edit', 'try'] : TABS;
  const tab = shownTabs.find((one) => one === search['tab']) ?? 'edit';
  const isText = search['as'] === 'text';
  const go = (next: Record<string, string | undefined>) =>
    void navigate({ to: '.', search: { ...search, ...next }, replace: true });

  const [kept] = useState(() => keptDraft(id));
  const [base, setBase] = useState(() => saved);
  const [version, setVersion] = useState(() => kept?.version ?? saved?.version);
  const [draft, step] = useReducer(edit, undefined, () => kept?.draft ?? (saved ? draftOf(saved) : newDraft()));
  useTitle(draft.name.trim() === '' ? words.new : draft.name);
  const [first] = useState(draft);
  const origin = base === undefined ? (kept === undefined ? first : undefined) : draftOf(base);
  const isChanged = origin === undefined || !saysTheSame(draft, origin);
  const [isKeptShown, setKeptShown] = useState(kept !== undefined);
  const [tried, setTried] = useState<readonly FieldError[]>();
  const [isDeleting, setDeleting] = useState(false);
  const page = useRef<HTMLDivElement>(null);

  // Somebody else has saved it, and nothing is being written here: show theirs.
  if (saved !== undefined && base !== undefined && saved.version !== base.version && !isChanged) {
    setBase(saved);
    setVersion(saved.version);
    step({ do: 'load', draft: draftOf(saved) });
  }
  useKeeping(id, draft, version, isChanged);

  const lint = useLint(draft, base, isChanged);
  const [seenLint, setSeenLint] = useState(lint);
  if (lint !== seenLint) {
    setSeenLint(lint);
    if (tried !== undefined && lint !== undefined) setTried(lint.errors);
  }
  const errors = tried ?? (isChanged ? [] : (base?.problems ?? []));
  const { data: all } = useWorkflows();
  // The draft of a new rule is known by an id of none that is there.
  const isOwn = (one: string) =>
    base === undefined ? all?.some((rule) => rule.id === one) === false : one === base.id;
  const own = lint?.warnings.filter(({ workflow_ids: ids }) => ids.some(isOwn));
  const warnings = isChanged ? (own ?? []) : (base?.warnings ?? []);

  const speech = useSpeech([{ trigger_conditions: writeDraft(draft)['trigger_conditions'] }]);
  const accept = (rule: WorkflowWire) => {
    queries.setQueryData(workflowKey(rule.id), rule);
    void queries.invalidateQueries({ queryKey: WORKFLOWS });
    void queries.invalidateQueries({ queryKey: [...workflowKey(rule.id), 'versions'] });
    setBase(rule);
    setVersion(rule.version);
    step({ do: 'load', draft: draftOf(rule) });
    setTried(undefined);
    setKeptShown(false);
    forget(id);
  };
  const save = useSave(base, version, {
    onSaved: (rule) => {
      if (base === undefined) {
        forget('new');
        queries.setQueryData(workflowKey(rule.id), rule);
        void queries.invalidateQueries({ queryKey: WORKFLOWS });
        toast(words.created);
        void navigate({ to: '/workflows/$id', params: { id: rule.id }, replace: true, ignoreBlocker: true });
        return;
      }
      accept(rule);
      toast(words.saved(rule.version));
    },
    onMistakes: (mistakes) => {
      setTried(mistakes);
      if (tab !== 'edit') go({ tab: undefined });
      // What is wrong is marked by then.
      setTimeout(() => page.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), 60);
    },
  });
  const discard = () => {
    const before = draft;
    step({ do: 'load', draft: base === undefined ? newDraft() : draftOf(base) });
    setVersion(base?.version);
    setTried(undefined);
    setKeptShown(false);
    forget(id);
    toast(words.discarded, {
      action: { label: words.undo, run: () => step({ do: 'load', draft: before }) },
    });
  };
  const copy = () => {
    const { name } = draft;
    forget('new');
    keep('new', { ...writeDraft(draft), name: words.copyOf(name), is_active: false }, undefined);
    void navigate({ to: '/workflows/$id', params: { id: 'new' } });
  };
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isChanged && current.pathname !== next.pathname,
    enableBeforeUnload: () => isChanged,
    withResolver: true,
  });
  useCommands([
    {
      id: 'workflow.save',
      group: words.group,
      title: words.save,
      keys: ['Mod+s'],
      inInputs: true,
      run: () => (isChanged || base === undefined) && save.run(draft),
    },
    ...shownTabs.map((one, at) => ({
      id: `workflow.tab.${one}`,
      group: words.group,
      title: words.tabs[one],
      keys: [`${at + 1}`],
      run: () => go({ tab: one === 'edit' ? undefined : one }),
    })),
  ]);
  const says = summary(draft, speech);

  return (
    <EditingContext value={{ draft, step, errors, places: conditionPlaces(draft), speech }}>
      <div className={styles.page} ref={page}>
        <header className={styles.head}>
          <Link to="/workflows" className={styles.back}>
            <ChevronLeft size={15} />
            {words.back}
          </Link>
          <div className={styles.titleLine}>
            <h1 className={styles.title} dir="auto">
              {draft.name.trim() === '' ? words.new : draft.name}
            </h1>
            <div className={styles.state}>
              <span className={styles.meta}>{base === undefined ? words.unsaved : words.version(base.version)}</span>
              <span aria-hidden className={styles.meta}>
                {draft.isActive ? words.active : words.off}
              </span>
              <Switch
                label={words.active}
                isOn={draft.isActive}
                onChange={(isActive) => step({ do: 'set', what: { isActive } })}
              />
              {base !== undefined && (
                <MenuButton
                  label={words.more}
                  className={buttonClass('quiet', undefined, true)}
                  groups={[
                    { items: [{ id: 'copy', label: words.copy, run: copy }] },
                    {
                      items: [{ id: 'remove', label: words.remove, isDanger: true, run: () => setDeleting(true) }],
                    },
                  ]}
                >
                  <MoreHorizontal size={16} />
                </MenuButton>
              )}
            </div>
          </div>
          <p className={styles.says} dir="auto">
            {says.when} → {says.does}
          </p>
        </header>
        {base?.disabled != null && <p className={styles.notice}>{words.disabled}</p>}
        {base !== undefined && base.problems.length > 0 && !isChanged && (
          <p className={styles.notice}>{words.problems}</p>
        )}
        {isKeptShown && kept !== undefined && (
          <div className={styles.kept} role="status">
            <span>{words.kept(relative(kept.at))}</span>
            <Button size="small" onClick={discard}>
              {words.discard}
            </Button>
          </div>
        )}
        <Tabs
          className={styles.tabs ?? ''}
          selectedKey={tab}
          onSelectionChange={(key) => go({ tab: key === 'edit' ? undefined : String(key) })}
        >
          <TabList aria-label={words.tabList} className={styles.tabList ?? ''}>
            {shownTabs.map((one) => (
              <Tab key={one} id={one} className={styles.tab ?? ''}>
                {words.tabs[one]}
              </Tab>
            ))}
          </TabList>
          <TabPanel id={tab} className={styles.panel ?? ''}>
            <Suspense fallback={<Skeleton lines={6} />}>
              {tab === 'edit' && (
                <>
                  <div className={styles.views} role="group" aria-label={build.view}>
                    {(['form', 'text'] as const).map((one) => (
                      <Button
                        key={one}
                        size="small"
                        kind="quiet"
                        aria-pressed={(one === 'text') === isText}
                        onClick={() => go({ as: one === 'text' ? one : undefined })}
                      >
                        {build.tabs[one]}
                      </Button>
                    ))}
                  </div>
                  {isText ? (
                    <>
                      <Warnings warnings={warnings} />
                      <TextTab />
                    </>
                  ) : (
                    <Editor warnings={warnings} />
                  )}
                </>
              )}
              {tab === 'try' && <Try saved={base} onMistakes={setTried} />}
              {tab === 'versions' && base !== undefined && (
                <Versions rule={base} speech={speech} isChanged={isChanged} onRestored={accept} />
              )}
              {tab === 'runs' && base !== undefined && <Runs rule={base} />}
            </Suspense>
          </TabPanel>
        </Tabs>
        {(isChanged || base === undefined) && (
          <SaveBar
            isNew={base === undefined}
            isBusy={save.isBusy}
            canDiscard={isChanged}
            mistakes={tried?.length ?? 0}
            warnings={warnings.length}
            onSave={() => save.run(draft)}
            onDiscard={discard}
          />
        )}
        {save.stale !== undefined && base !== undefined && (
          <Stale
            stale={save.stale}
            speech={speech}
            onTake={() => {
              if (save.stale !== undefined) accept(save.stale.rule);
              save.settle();
            }}
            onOverwrite={() => {
              const over = save.stale?.rule.version;
              save.settle();
              save.run(draft, over);
            }}
            onClose={save.settle}
          />
        )}
        {isDeleting && base !== undefined && (
          <DeleteRule
            rule={base}
            onClose={() => setDeleting(false)}
            onDone={() => {
              forget(id);
              void navigate({ to: '/workflows', ignoreBlocker: true });
            }}
          />
        )}
        {blocker.status === 'blocked' && (
          <Leaving
            onStay={blocker.reset}
            onLeave={blocker.proceed}
            onDiscard={() => {
              step({ do: 'load', draft: origin ?? newDraft() });
              forget(id);
              blocker.proceed();
            }}
          />
        )}
      </div>
    </EditingContext>
  );
}
