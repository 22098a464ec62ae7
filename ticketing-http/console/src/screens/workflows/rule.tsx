/** One rule: the form, and what it did and would do. What is written lives here, over all tabs. */
import { Link, useBlocker, useNavigate, useSearch } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { ChevronLeft, MoreHorizontal } from 'lucide-react';
import { Suspense, lazy, useEffect, useReducer, useRef, useState } from 'react';
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
import { EditingContext, TEXT, useUnreadablePlaces } from './context';
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
  const go = (next: Record<string, string | undefined>) =>
    void navigate({ to: '.', search: { ...search, ...next }, replace: true });

  const [base, setBase] = useState(() => saved);
  const id = base?.id ?? 'new';
  const [kept] = useState(() => keptDraft(id));
  const [version, setVersion] = useState(() => kept?.version ?? saved?.version);
  const [draft, step] = useReducer(edit, undefined, () => kept?.draft ?? (saved ? draftOf(saved) : newDraft()));
  useTitle(draft.name.trim() === '' ? words.new : draft.name);
  const [blank] = useState(newDraft);
  const origin = base === undefined ? blank : draftOf(base);
  const differs = !saysTheSame(draft, origin);
  const [unreadable, markUnreadable] = useUnreadablePlaces();
  const isChanged = differs || unreadable.size > 0;
  // Counts how often the draft was put in place of what was written, to have the text written anew.
  const [loads, setLoads] = useState(0);
  const [isKeptShown, setKeptShown] = useState(kept !== undefined);
  const [tried, setTried] = useState<readonly FieldError[]>();
  const [isDeleting, setDeleting] = useState(false);
  const page = useRef<HTMLDivElement>(null);

  // Somebody else has saved it, and nothing is being written here: show theirs.
  if (saved !== undefined && base !== undefined && saved.version > base.version && !isChanged) {
    setBase(saved);
    setVersion(saved.version);
    step({ do: 'load', draft: draftOf(saved) });
  }
  const forgetKept = useKeeping(id, draft, version, differs);

  const shownTabs: readonly TabId[] = base === undefined ? ['edit', 'try'] : TABS;
  const tab = shownTabs.find((one) => one === search['tab']) ?? 'edit';
  const view = tab !== 'edit' ? undefined : search['as'] === 'text' ? 'text' : 'form';
  // What can't be read is nowhere but in its field, which stays while one looks elsewhere.
  const isTextHeld = unreadable.has(TEXT);
  const isFormHeld = unreadable.size > (isTextHeld ? 1 : 0);

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
  const goOnFrom = (rule: WorkflowWire) => {
    queries.setQueryData(workflowKey(rule.id), rule);
    void queries.invalidateQueries({ queryKey: WORKFLOWS });
    void queries.invalidateQueries({ queryKey: [...workflowKey(rule.id), 'versions'] });
    setBase(rule);
    setVersion(rule.version);
    setTried(undefined);
    setKeptShown(false);
    forgetKept();
  };
  const load = (next: Draft) => {
    step({ do: 'load', draft: next });
    setLoads((count) => count + 1);
  };
  const accept = (rule: WorkflowWire) => {
    goOnFrom(rule);
    load(draftOf(rule));
  };
  const showMistakes = () => {
    // What is wrong is marked by then.
    const wrong = '[aria-invalid="true"]:not([hidden] *)';
    setTimeout(() => page.current?.querySelector<HTMLElement>(wrong)?.focus(), 60);
  };
  const save = useSave(base, version, {
    onSaved: (rule, sent) => {
      goOnFrom(rule);
      step({ do: 'saved', sent, draft: draftOf(rule) });
      toast(base === undefined ? words.created : words.saved(rule.version));
    },
    onMistakes: (mistakes) => {
      setTried(mistakes);
      if (tab !== 'edit') go({ tab: undefined });
      showMistakes();
    },
  });
  const trySave = () => {
    if (unreadable.size === 0) {
      save.run(draft);
      return;
    }
    // What can be read of it is not what stands there.
    go({ tab: undefined, as: isTextHeld ? 'text' : undefined });
    showMistakes();
  };
  const discard = () => {
    load(origin);
    setVersion(base?.version);
    setTried(undefined);
    setKeptShown(false);
    forgetKept();
    toast(words.discarded, {
      action: {
        label: words.undo,
        run: () => {
          load(draft);
          // Whoever saved since it was begun is still to be asked about.
          setVersion(version);
        },
      },
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
  // A new one has a page of its own, once nothing is left here that it does not have.
  const made = saved === undefined && !isChanged ? base?.id : undefined;
  useEffect(() => {
    if (made !== undefined) void navigate({ to: '/workflows/$id', params: { id: made }, replace: true });
  }, [made, navigate]);
  useCommands([
    {
      id: 'workflow.save',
      group: words.group,
      title: words.save,
      keys: ['Mod+s'],
      inInputs: true,
      run: () => (isChanged || base === undefined) && trySave(),
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
    <EditingContext value={{ draft, step, errors, places: conditionPlaces(draft), speech, markUnreadable }}>
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
              {view !== undefined && (
                <div className={styles.views} role="group" aria-label={build.view}>
                  {(['form', 'text'] as const).map((one) => (
                    <Button
                      key={one}
                      size="small"
                      kind="quiet"
                      aria-pressed={one === view}
                      onClick={() => go({ as: one === 'text' ? one : undefined })}
                    >
                      {build.tabs[one]}
                    </Button>
                  ))}
                </div>
              )}
              {(view === 'form' || isFormHeld) && (
                <div hidden={view !== 'form'}>
                  <Editor warnings={warnings} />
                </div>
              )}
              {(view === 'text' || isTextHeld) && (
                <div hidden={view !== 'text'} className={view === 'text' ? styles.cards : undefined}>
                  <Warnings warnings={warnings} />
                  <TextTab key={loads} />
                </div>
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
            mistakes={(tried?.length ?? 0) + unreadable.size}
            warnings={warnings.length}
            onSave={trySave}
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
              forgetKept();
              void navigate({ to: '/workflows', ignoreBlocker: true });
            }}
          />
        )}
        {blocker.status === 'blocked' && (
          <Leaving
            isKept={differs}
            isUnreadable={unreadable.size > 0}
            onStay={blocker.reset}
            onLeave={blocker.proceed}
            onDiscard={() => {
              load(origin);
              forgetKept();
              blocker.proceed();
            }}
          />
        )}
      </div>
    </EditingContext>
  );
}
