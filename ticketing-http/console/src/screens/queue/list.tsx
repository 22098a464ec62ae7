/** A view: its filters, its tickets, and what is done to them. */
import { useRouter } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { Suspense, lazy, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useAhead } from '../../app/ahead';
import { useTitle } from '../../app/desk';
import { useCustomFieldsOrNone } from '../../api/custom-fields';
import { useLive } from '../../api/live';
import { useMe } from '../../api/session';
import type { Ticket } from '../../api/types';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { reason, toastError } from '../../ui/toast';
import { placeTicket } from '../ticket/place';
import { loadFilters } from './filters';
import styles from './list.module.css';
import { columnsOf } from './columns';
import { loadJudge, useJudge } from './judging';
import { rowId } from './row';
import { NONE, extended, kept, stepped, toggled } from './selection';
import { ListSkeleton } from './skeleton';
import { Table, type TableHandle } from './table';
import { listText } from './text';
import { Toolbar } from './toolbar';
import { usePrefs } from './prefs';
import { readTicket, useUnreadTickets } from './unread';
import { useListCommands } from './use-commands';
import { MOST_NEWS, useDoubt, useList } from './use-list';
import { usePick } from './use-pick';
import { customName, isChanged, searchOf, sortedBy, withFilters, withSort, type Filters, type View } from './view';
import { ALL, useViewTitle, useViews } from './views';

const loadChips = () => import('./chips');
const Chips = lazy(loadChips);
const EmptyList = lazy(() => import('./empty-list'));
const OutcomeDialog = lazy(() => import('./outcome'));
const loadBar = () => import('./bulk-bar');
const BulkBar = lazy(loadBar);
const BulkMacro = lazy(() => import('./bulk-macro'));
const loadPicker = () => import('./picker');
const Picker = lazy(loadPicker);
/** All that a ticket is shown by, and what is done to tickets here. */
const loadNext = () =>
  Promise.all([
    import('../ticket'),
    import('../ticket/panel'),
    import('../../ui/markdown-body'),
    loadBar(),
    loadPicker(),
    loadFilters(),
    loadChips(),
    loadJudge(),
  ]);

/** Where one was in a list when one left it. */
const places = new Map<string, { offset: number; current: string | undefined }>();

export function List({ view }: { view: View }) {
  const words = useText(listText);
  const me = useMe();
  const router = useRouter();
  const queries = useQueryClient();
  const prefs = usePrefs();
  const unread = useUnreadTickets();
  const { query, rows, news, takeIn, reload, saved, sort, ...state } = useList(view);
  const views = useViews();
  const title = useViewTitle(view.ref, saved) ?? words.tickets;
  useTitle(title);
  const judge = useJudge();
  const place = JSON.stringify(view);
  const [was] = useState(() => places.get(place));
  const [current, setCurrent] = useState(was?.current);
  const [selection, setSelection] = useState(NONE);
  const [isOld, setOld] = useState(false);
  const offset = useRef(was?.offset ?? 0);
  const table = useRef<TableHandle>(null);

  const byId = useMemo(() => new Map(rows.map((ticket) => [ticket.id, ticket])), [rows]);
  const order = useMemo(() => rows.map((ticket) => ticket.id), [rows]);
  const there = useMemo(() => new Set(order), [order]);
  const selected = kept(selection, there);
  const at = current === undefined ? -1 : order.indexOf(current);
  const cursor = at < 0 ? undefined : current;

  useEffect(() => {
    places.set(place, { offset: offset.current, current });
  }, [place, current]);
  const shownPlace = useRef(place);
  useEffect(() => {
    if (shownPlace.current === place) return;
    shownPlace.current = place;
    offset.current = 0;
    table.current?.toTop();
    setSelection(NONE);
  }, [place]);
  // Who came back goes on by the keyboard where they were.
  useEffect(() => {
    const isFree = document.activeElement === null || document.activeElement === document.body;
    if (was?.current !== undefined && isFree) table.current?.focus(was.current);
  }, [was]);

  const go = useCallback(
    (next: View) => void router.navigate({ to: '/', search: searchOf(next), replace: true }),
    [router],
  );
  const onFilter = useCallback((change: Filters) => go(withFilters(view, change)), [go, view]);

  const isCalm = selected.ids.size === 0;
  useEffect(() => {
    if (news.length > 0 && offset.current <= 0 && isCalm) takeIn();
  }, [news, isCalm, takeIn]);
  const renew = (say: (error: unknown) => void = toastError) => {
    setOld(false);
    reload().then(
      () => table.current?.toTop(),
      (error: unknown) => {
        setOld(true);
        say(error);
      },
    );
  };
  /** Nobody asked for it, and nobody's place in it is to be lost. */
  const renewCalmly = () => {
    if (offset.current <= 0 && isCalm) renew(() => undefined);
    else setOld(true);
  };
  useLive('reconnected', renewCalmly);
  useDoubt(state.isDoubtful, state.askedAt, renewCalmly);
  const renewNow = useRef(renewCalmly);
  useEffect(() => {
    renewNow.current = renewCalmly;
  });
  useEffect(() => {
    if (state.isOther) renewNow.current();
  }, [state.isOther, state.saysNow]);

  const open = (ticket: Ticket | undefined) => {
    if (ticket === undefined) return;
    placeTicket(queries, ticket);
    readTicket(queries, ticket.id);
    places.set(place, { offset: offset.current, current: ticket.id });
    void router.navigate({ to: '/tickets/$ticket', params: { ticket: ticket.ticket_number } });
  };
  const show = (id: string | undefined) => {
    if (id === undefined) return;
    setCurrent(id);
    table.current?.show(id);
  };
  const move = (step: number | 'first' | 'last', isExtending = false) => {
    const last = order.length - 1;
    const to = step === 'first' ? 0 : step === 'last' ? last : at < 0 ? 0 : Math.min(last, Math.max(0, at + step));
    const id = order[to];
    if (id === undefined) return;
    if (isExtending && cursor !== undefined && id !== cursor) setSelection(stepped(selected, cursor, id, order));
    show(id);
  };
  const toggle = (id: string | undefined) => {
    if (id !== undefined) setSelection(toggled(selected, id));
  };

  const targets = () => {
    if (selected.ids.size > 0) return rows.filter((ticket) => selected.ids.has(ticket.id));
    const ticket = cursor === undefined ? undefined : byId.get(cursor);
    return ticket === undefined ? [] : [ticket];
  };
  const pick = usePick(targets, (refused) => {
    if (refused.length > 0) setSelection({ ids: new Set(refused), anchor: undefined });
  });
  useListCommands({
    hasRows: rows.length > 0,
    hasTarget: selected.ids.size > 0 || cursor !== undefined,
    hasSelection: selected.ids.size > 0,
    move,
    open: () => open(cursor === undefined ? undefined : byId.get(cursor)),
    toggle: () => toggle(cursor),
    clear: () => setSelection(NONE),
    reload: () => renew(),
    pick: (what) => {
      const button = document.querySelector<HTMLElement>(`[data-pick="${what}"]`);
      const row = cursor === undefined ? null : document.getElementById(rowId(cursor));
      pick.open(what, button ?? row?.querySelector('a') ?? row);
    },
    assignMe: () => pick.change({ assigned_agent_id: me.id }),
  });

  useAhead(loadNext);
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage, isPlaceholderData } = query;
  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetching && !isFetchNextPageError && !isPlaceholderData) void fetchNextPage();
  }, [hasNextPage, isFetching, isFetchNextPageError, isPlaceholderData, fetchNextPage]);
  const own = view.columns ?? (saved?.columns.length ? saved.columns : undefined);
  // What they and their options are called, now and before.
  const isCustom = JSON.stringify([own, view.filters, saved?.conditions]).includes(customName(''));
  const custom = useCustomFieldsOrNone(isCustom);
  const columns = useMemo(() => columnsOf(own ?? prefs.columns, custom ?? []), [own, prefs.columns, custom]);
  const reset = () => go({ ref: view.ref, filters: {} });
  // What the view says is there at about the same time; what it looks like is not to change right after.
  const isToCome = query.isPending || (views.isPending && views.failureCount === 0);
  const isGone = view.ref !== ALL && saved === undefined && views.data !== undefined;

  return (
    <div className={styles.list}>
      <Toolbar
        title={title}
        view={view}
        rows={rows}
        sort={sort}
        columns={columns.map(({ id }) => id)}
        onColumns={own === undefined ? undefined : (ids) => go({ ...view, columns: ids })}
        onFilter={onFilter}
        onSort={(next) => go(withSort(view, saved, next))}
      />
      {isChanged(view) && (
        <Suspense fallback={<div className={styles.chipsToCome} />}>
          <Chips view={view} saved={saved} rows={rows} onChange={onFilter} onReset={reset} />
        </Suspense>
      )}
      <div className={styles.body}>
        <div className={styles.pill} role="status">
          {isOld || state.isCut ? (
            <Button size="small" icon={<RefreshCw size={14} />} onClick={() => renew()}>
              {words.old} {words.reload}
            </Button>
          ) : (
            news.length > 0 && (
              <Button
                size="small"
                kind="primary"
                onClick={() => {
                  if (news.length > MOST_NEWS) renew();
                  else takeIn();
                  table.current?.toTop();
                }}
              >
                {news.length > MOST_NEWS ? words.manyNews(MOST_NEWS) : words.news(news.length)}
              </Button>
            )
          )}
        </div>
        {isToCome ? (
          <ListSkeleton density={prefs.density} />
        ) : isGone || saved?.is_broken === true || (query.data !== undefined && rows.length === 0) ? (
          <Suspense>
            <EmptyList view={view} saved={saved} isGone={isGone} onReset={reset} />
          </Suspense>
        ) : query.data === undefined ? (
          <Empty title={words.failed} action={<Button onClick={() => void query.refetch()}>{words.retry}</Button>}>
            {reason(query.error)}
          </Empty>
        ) : (
          <Table
            label={title}
            handle={table}
            rows={rows}
            isWhole={!hasNextPage}
            density={prefs.density}
            columns={columns}
            sort={sort}
            onSort={(field) => go(sortedBy(view, saved, field))}
            current={cursor}
            selected={selected.ids}
            unread={unread}
            isGone={(ticket) => judge?.(ticket, view, saved, me.id, custom) === false}
            initialOffset={was?.offset ?? 0}
            onScroll={(to) => {
              offset.current = to;
              places.set(place, { offset: to, current });
              if (to <= 0 && isCalm && news.length > 0) takeIn();
            }}
            onNearEnd={onNearEnd}
            onPick={(id, how) => {
              setCurrent(id);
              if (how === 'open') open(byId.get(id));
              else if (how === 'toggle') toggle(id);
              else if (how === 'extend')
                setSelection(
                  extended(
                    selected.anchor === undefined && cursor !== undefined ? { ...selected, anchor: cursor } : selected,
                    id,
                    order,
                  ),
                );
              else show(id);
            }}
            onMove={(step) => move(step)}
            onSelectAll={() =>
              setSelection(selected.ids.size >= rows.length ? NONE : { ids: there, anchor: undefined })
            }
            onPeek={(id) => {
              const ticket = byId.get(id);
              if (ticket !== undefined) placeTicket(queries, ticket);
            }}
            foot={
              <div className={styles.foot}>
                {isFetchNextPageError ? (
                  <>
                    <span>{words.moreFailed}</span>
                    <Button size="small" onClick={() => (state.isCut ? renew() : void fetchNextPage())}>
                      {words.retry}
                    </Button>
                  </>
                ) : (
                  (hasNextPage || query.data.pages.length > 1) && <span>{hasNextPage ? words.more : words.end}</span>
                )}
              </div>
            }
          />
        )}
        <Suspense>
          {selected.ids.size > 0 && (
            <BulkBar
              count={selected.ids.size}
              isBusy={pick.isBusy}
              onPick={pick.open}
              onAssignMe={() => pick.change({ assigned_agent_id: me.id })}
              onClear={() => setSelection(NONE)}
            />
          )}
        </Suspense>
      </div>
      <Suspense>
        {pick.what === 'macro' && (
          <BulkMacro tickets={targets()} triggerRef={pick.anchor} onDone={pick.tell} onClose={pick.close} />
        )}
        {pick.what !== undefined && pick.what !== 'macro' && (
          <Picker
            key={pick.what}
            what={pick.what}
            tickets={targets()}
            rows={rows}
            triggerRef={pick.anchor}
            onPick={pick.change}
            onClose={pick.close}
          />
        )}
        {pick.outcome !== undefined && <OutcomeDialog {...pick.outcome} onClose={pick.forget} />}
      </Suspense>
    </div>
  );
}
