/** The page of one view: its name, who sees it, which tickets it holds and how they are listed. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { AlertTriangle, ListFilter } from 'lucide-react';
import { useMemo, useState } from 'react';
import { api, ifVersion, ok } from '../../api/client';
import { hasOrder, useCustomFields } from '../../api/custom-fields';
import { useMe } from '../../api/session';
import type { Schemas } from '../../api/types';
import { NotFound } from '../../app/not-found';
import { ICONS } from '../../app/view-rail';
import { useText } from '../../text';
import { buttonClass } from '../../ui/button';
import { Chip } from '../../ui/chip';
import { ConfirmButton } from '../../ui/confirm';
import { Empty } from '../../ui/empty';
import { CheckField, SelectField, TextField } from '../../ui/field';
import { FormFrame } from '../../ui/form';
import { Loaded } from '../../ui/loaded';
import { Fields, Section } from '../../ui/section';
import { toast } from '../../ui/toast';
import { useForm } from '../../ui/use-form';
import { COLUMNS } from '../queue/columns';
import { listText } from '../queue/text';
import { customName } from '../queue/view';
import { refOf, useViewName, type SavedView } from '../queue/views';
import { useReasons } from './broken';
import { ViewConditions, type Asked } from './conditions';
import { loadView } from './data';
import { Head } from './head';
import { forgetView, keepView, viewKey } from './kept';
import { Preview } from './preview';
import { useRights, type Rights } from '../../ui/sharing-rights';
import { viewText } from './text';
import styles from './views.module.css';
import { Who, type Shared } from './who';

interface Draft extends Asked, Shared {
  name: string;
  columns: readonly string[];
  sort: string;
  position: string;
  icon: string;
}

const SORTS = [
  ...(['-updated_at', 'updated_at', '-created_at', 'created_at', 'sla_due_at', '-sla_due_at'] as const),
  ...(['-priority', 'priority', 'status', '-status'] as const),
];

const read = (view: SavedView | undefined): Draft => ({
  name: view?.name ?? '',
  visibility: view?.visibility ?? 'private',
  team_id: view?.team_id ?? null,
  conditions: view?.conditions ?? [],
  match: view?.match ?? 'all',
  columns: view?.columns ?? [],
  sort: view?.sort ?? '',
  position: view === undefined ? '' : String(view.position),
  icon: view?.icon ?? '',
});

const write = ({ name, conditions, columns, sort, position, icon, ...shared }: Draft) => ({
  ...shared,
  name: name.trim(),
  conditions,
  columns: [...columns],
  sort: sort === '' ? null : sort,
  icon: icon === '' ? null : icon,
  ...(position.trim() === '' ? {} : { position: Number(position) }),
});

export default function ViewPage() {
  const me = useMe();
  const { id = 'new' } = useParams({ strict: false });
  if (me.role === 'customer') return <NotFound />;
  return (
    <div className={styles.page}>{id === 'new' ? <Editor stored={undefined} /> : <Stored key={id} id={id} />}</div>
  );
}

function Stored({ id }: { id: string }) {
  const words = useText(viewText);
  const view = useQuery({ queryKey: viewKey(id), queryFn: ({ signal }) => loadView(id, signal), staleTime: 0 });
  const back = (
    <Link to="/views" className={buttonClass()}>
      {words.back}
    </Link>
  );
  return (
    <Loaded
      of={view}
      lines={8}
      gone={
        <Empty isPage title={words.goneTitle} action={back}>
          {words.gone}
        </Empty>
      }
    >
      {(stored) => <Editor stored={stored} />}
    </Loaded>
  );
}

function Editor({ stored }: { stored: SavedView | undefined }) {
  const words = useText(viewText);
  const rights = useRights();
  const reasons = useReasons();
  const nameOf = useViewName();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isUnreadable, setUnreadable] = useState(false);
  const form = useForm<SavedView, SavedView | undefined, Draft, Schemas['NewView']>({
    stored,
    read,
    write,
    check: (draft): Record<string, string> => ({
      ...(draft.visibility === 'team' && draft.team_id === null ? { team_id: words.chooseTeam } : {}),
      ...(isUnreadable ? { conditions: words.unreadable } : {}),
    }),
    create: (body, header) => ok(api.POST('/api/views', { params: { header }, body })),
    // With whom it is shared is one thing in two fields.
    change: ({ visibility, team_id, ...part }, { id, version }, whole) =>
      ok(
        api.PATCH('/api/views/{id}', {
          params: { path: { id }, header: ifVersion(version) },
          body: {
            ...part,
            ...(visibility === undefined && team_id === undefined
              ? {}
              : { visibility: whole.visibility, team_id: whole.team_id ?? null }),
          },
        }),
      ),
    load: ({ id }) => loadView(id),
    onSaved: (view, isNew) => {
      keepView(queries, view);
      toast(isNew ? words.created : words.saved);
    },
    onTheirs: (view) => keepView(queries, view),
    onMade: ({ id }) => void navigate({ to: '/views/$id', params: { id }, replace: true }),
  });
  const remove = async ({ id, version }: SavedView, said: string) => {
    await ok(api.DELETE('/api/views/{id}', { params: { path: { id }, header: ifVersion(version) } }));
    toast(said);
    forgetView(queries, id);
    await navigate({ to: '/views', ignoreBlocker: true });
    queries.removeQueries({ queryKey: viewKey(id) });
  };
  const { draft } = form;
  const { conditions, match } = draft;
  // Nothing else of the draft: what is asked is the same as long as these are.
  const asked = useMemo(() => ({ conditions, match }), [conditions, match]);
  const why = stored === undefined ? [] : reasons(stored);
  const isMine = stored === undefined || rights.mayChange(stored);
  const name = stored && nameOf(stored);
  return (
    <>
      <Head
        isOne
        title={name ?? words.new}
        state={
          stored !== undefined &&
          (stored.is_broken ? (
            <Chip tone="bad">{words.brokenShort}</Chip>
          ) : (
            stored.is_hidden && <Chip tone="off">{words.hidden}</Chip>
          ))
        }
      >
        {stored !== undefined && !stored.is_hidden && (
          <Link to="/" search={{ view: refOf(stored) }} className={buttonClass()}>
            <ListFilter size={16} />
            {words.open}
          </Link>
        )}
        {stored !== undefined && isMine && name !== undefined && stored.key === null && (
          <ConfirmButton
            label={words.delete}
            title={words.deleteTitle(name)}
            action={words.delete}
            run={() => remove(stored, words.deleted)}
          >
            {words.deleteBody}
          </ConfirmButton>
        )}
        {stored !== undefined && isMine && name !== undefined && stored.key !== null && !stored.is_hidden && (
          <ConfirmButton
            label={words.hide}
            title={words.hideTitle(name)}
            action={words.hide}
            run={() => remove(stored, words.hiddenNow)}
          >
            {words.hideBody}
          </ConfirmButton>
        )}
      </Head>
      {why.length > 0 && (
        <p className={styles.reasons}>
          <AlertTriangle size={16} />
          <span>{why.join(' ')}</span>
        </p>
      )}
      {isMine ? (
        <FormFrame
          form={form}
          names={{
            name: words.name,
            visibility: words.who,
            team_id: words.team,
            conditions: words.which,
            match: words.which,
            columns: words.columns,
            sort: words.sort,
            position: words.position,
            icon: words.icon,
          }}
        >
          <Sharing form={form} rights={rights} stored={stored} />
          <Section level={2} title={words.which} about={words.whichHint}>
            <ViewConditions
              asked={asked}
              errors={form.errorsIn('conditions')}
              onChange={form.set}
              onUnreadable={setUnreadable}
            />
            <Preview asked={asked} stored={stored} />
          </Section>
          <Looks form={form} />
        </FormFrame>
      ) : (
        <Section level={2} title={words.readOnlyTitle}>
          <p>{words.readOnly}</p>
        </Section>
      )}
    </>
  );
}

type ViewForm = ReturnType<typeof useForm<SavedView, SavedView | undefined, Draft, Schemas['NewView']>>;

function Sharing({ form, rights, stored }: { form: ViewForm; rights: Rights; stored: SavedView | undefined }) {
  const words = useText(viewText);
  const { draft, set, error } = form;
  return (
    <Section level={2} title={words.sharing}>
      <Fields>
        <TextField
          label={words.name}
          value={draft.name}
          maxLength={100}
          autoFocus={stored === undefined}
          error={error('name')}
          onChange={(event) => set({ name: event.target.value })}
        />
        <Who
          shared={draft}
          rights={rights}
          isFixed={stored !== undefined && stored.key !== null}
          errors={{ visibility: error('visibility'), team_id: error('team_id') }}
          onChange={set}
        />
        <TextField
          label={words.position}
          inputMode="numeric"
          value={draft.position}
          hint={words.positionHint}
          error={error('position')}
          onChange={(event) => set({ position: event.target.value })}
        />
        <SelectField
          label={words.icon}
          value={draft.icon}
          error={error('icon')}
          onChange={(event) => set({ icon: event.target.value })}
        >
          <option value="">{words.usualIcon}</option>
          {draft.icon !== '' && !Object.hasOwn(ICONS, draft.icon) && <option value={draft.icon}>{draft.icon}</option>}
          {Object.keys(ICONS).map((icon) => (
            <option key={icon} value={icon}>
              {words.icons[icon as keyof typeof words.icons]}
            </option>
          ))}
        </SelectField>
      </Fields>
    </Section>
  );
}

function Looks({ form }: { form: ViewForm }) {
  const words = useText(viewText);
  const lists = useText(listText);
  const custom = useCustomFields();
  const { draft, set, error } = form;
  const fields = custom.filter(({ key, is_active }) => is_active || draft.columns.includes(customName(key)));
  const all = [
    ...COLUMNS.map(({ id }) => ({ id, label: lists.columns[id] })),
    ...fields.map(({ key, label }) => ({ id: customName(key), label })),
  ];
  const isSortLost =
    draft.sort !== '' &&
    !SORTS.some((one) => one === draft.sort) &&
    !custom.some(({ key }) => draft.sort.replace(/^-/, '') === customName(key));
  // Those of fields that are gone, to be taken away.
  const lost = draft.columns.filter((id) => !all.some((one) => one.id === id)).map((id) => ({ id, label: id }));
  return (
    <Section level={2} title={words.looks}>
      <Fields>
        <SelectField
          label={words.sort}
          value={draft.sort}
          error={error('sort')}
          onChange={(event) => set({ sort: event.target.value })}
        >
          <option value="">{words.usualSort}</option>
          {SORTS.map((one) => (
            <option key={one} value={one}>
              {words.sorts[one]}
            </option>
          ))}
          {custom.flatMap((field) =>
            ['', '-']
              .map((down) => ({ down, sort: `${down}${customName(field.key)}` }))
              .filter(({ sort }) => hasOrder(field) || draft.sort === sort)
              .map(({ down, sort }) => (
                <option key={sort} value={sort}>
                  {down === '' ? words.byField(field.label) : words.byFieldDown(field.label)}
                </option>
              )),
          )}
          {isSortLost && <option value={draft.sort}>{draft.sort}</option>}
        </SelectField>
      </Fields>
      <fieldset className={styles.columns}>
        <legend>{words.columns}</legend>
        {[...all, ...lost].map(({ id, label }) => (
          <CheckField
            key={id}
            label={label}
            checked={draft.columns.includes(id)}
            onChange={({ target }) =>
              set({
                columns: target.checked ? [...draft.columns, id] : draft.columns.filter((other) => other !== id),
              })
            }
          />
        ))}
      </fieldset>
      <p className={styles.hint}>{words.columnsHint}</p>
      <p role="alert" className={styles.failure}>
        {form.errorIn('columns', draft.columns)}
      </p>
    </Section>
  );
}
