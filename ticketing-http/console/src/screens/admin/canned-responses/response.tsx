import { useNavigate } from '@tanstack/react-router';
import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, ifVersion, ok } from '../../../api/client';
import { useCustomFields } from '../../../api/custom-fields';
import type { Schemas } from '../../../api/types';
import { number } from '../../../format';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { ConfirmButton } from '../../../ui/confirm';
import { TextArea, TextField } from '../../../ui/field';
import { FormFrame } from '../../../ui/form';
import { Fields, Section, Stack } from '../../../ui/section';
import { Skeleton } from '../../../ui/skeleton';
import { Ago } from '../../../ui/time';
import { toastError } from '../../../ui/toast';
import { useForm } from '../../../ui/use-form';
import { useOnce } from '../../../ui/use-once';
import { variableText, variablesByHand } from '../../workflows/model/variables';
import { AreaHead } from '../area-head';
import { Fact, Facts } from '../facts';
import { InsertList, useLastField } from '../insert-list';
import { useKept } from '../kept';
import { OneOrNew } from '../one';
import panels from '../panels.module.css';
import { useRights, type Rights } from '../../../ui/sharing-rights';
import { SharedWith, SharingFields, sharingText } from '../sharing';
import { adminText } from '../text';
import { useCategories } from './list';
import { Preview } from './preview';
import { cannedText } from './text';

type Response = Schemas['CannedResponse'];

const load = (id: string, signal?: AbortSignal) =>
  ok(api.GET('/api/canned-responses/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) }));

const NAMES = { area: 'canned-responses', noun: 'canned-response', nouns: 'canned-responses' } as const;

export function ResponsePage({ id }: { id: string }) {
  const rights = useRights();
  return (
    <OneOrNew area="canned-responses" id={id} queryKey={['canned-response', id]} load={(signal) => load(id, signal)}>
      {(stored) =>
        !rights.isKnown ? (
          <Skeleton lines={8} />
        ) : stored === undefined || rights.mayChange(stored) ? (
          <ResponseForm stored={stored} rights={rights} />
        ) : (
          <ReadOnly stored={stored} />
        )
      }
    </OneOrNew>
  );
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

function ResponseForm({ stored, rights }: { stored: Response | undefined; rights: Rights }) {
  const words = useText(cannedText);
  const admin = useText(adminText);
  const sharing = useText(sharingText);
  const about = useText(variableText);
  const custom = useCustomFields();
  const values = useMemo(
    () => variablesByHand(about, custom).map(({ name, about: what }) => ({ path: name, about: what })),
    [about, custom],
  );
  const { data: categories } = useCategories();
  const cursor = useLastField();
  const kept = useKept<Response>(NAMES);
  const form = useForm({
    stored,
    read: (one: Response | undefined) => ({
      title: one?.title ?? '',
      shortcut: one?.shortcut ?? '',
      category: one?.category ?? '',
      content: one?.content ?? '',
      visibility: one?.visibility ?? 'private',
      team_id: one?.team_id ?? '',
    }),
    write: (draft) => ({
      title: draft.title.trim(),
      shortcut: orNull(draft.shortcut),
      category: orNull(draft.category),
      content: draft.content,
      visibility: draft.visibility,
      team_id: draft.visibility === 'team' ? orNull(draft.team_id) : null,
    }),
    create: (body, header) => ok(api.POST('/api/canned-responses', { params: { header }, body })),
    change: (_part, { id, version }, body) =>
      ok(api.PUT('/api/canned-responses/{id}', { params: { path: { id }, header: ifVersion(version) }, body })),
    load: ({ id }) => load(id),
    ...kept.form,
  });
  const { draft, set, error } = form;
  const remove = async ({ id, version }: Response) => {
    await ok(api.DELETE('/api/canned-responses/{id}', { params: { path: { id }, header: ifVersion(version) } }));
    await kept.gone({ id, deleted: words.deleted });
  };
  return (
    <>
      <AreaHead area="canned-responses" title={stored?.title ?? words.newTitle}>
        {stored !== undefined && (
          <ConfirmButton
            label={words.delete}
            title={words.deleteTitle(stored.title)}
            action={admin.delete}
            run={() => remove(stored)}
          >
            {words.deleteBody}
          </ConfirmButton>
        )}
      </AreaHead>
      <FormFrame
        form={form}
        names={{
          title: words.title,
          shortcut: words.shortcut,
          category: words.category,
          content: words.content,
          visibility: sharing.visibility,
          team_id: sharing.whichTeam,
        }}
      >
        <Section title={words.details}>
          <Fields>
            <TextField
              label={words.title}
              value={draft.title}
              autoFocus={stored === undefined}
              hint={words.titleHint}
              error={error('title')}
              onChange={(event) => set({ title: event.target.value })}
            />
            <TextField
              label={words.shortcut}
              value={draft.shortcut}
              spellCheck={false}
              autoComplete="off"
              hint={words.shortcutHint}
              error={error('shortcut')}
              onChange={(event) => set({ shortcut: event.target.value })}
            />
            <TextField
              label={words.category}
              value={draft.category}
              list="canned-categories"
              autoComplete="off"
              hint={words.categoryHint}
              error={error('category')}
              onChange={(event) => set({ category: event.target.value })}
            />
            <datalist id="canned-categories">
              {categories?.items.map((one) => (
                <option key={one.category} value={one.category} />
              ))}
            </datalist>
          </Fields>
          <TextArea
            label={words.content}
            rows={12}
            value={draft.content}
            hint={words.contentHint}
            error={error('content')}
            onFocus={cursor.onFocus}
            onChange={(event) => set({ content: event.target.value })}
          />
          {stored !== undefined && stored.unknown_variables.length > 0 && (
            <p className={panels.small}>
              {words.unknown(stored.unknown_variables.map((name) => `{{${name}}}`).join(', '))}
            </p>
          )}
        </Section>
        <Section title={words.values}>
          <InsertList values={values} onInsert={cursor.insert} />
        </Section>
        <Section title={words.sharing}>
          <Fields>
            <SharingFields draft={draft} set={set} error={error} rights={rights} />
          </Fields>
        </Section>
      </FormFrame>
      {stored !== undefined && <Known stored={stored} isDirty={form.isDirty} />}
    </>
  );
}

/** What it says on a ticket, and how much it is used. */
function Known({ stored, isDirty }: { stored: Response; isDirty: boolean }) {
  const words = useText(cannedText);
  return (
    <Stack>
      <Section title={words.preview}>
        <Preview stored={stored} isDirty={isDirty} />
      </Section>
      <Section title={words.usage}>
        <Facts>
          <Fact name={words.uses}>{number(stored.uses)}</Fact>
          <Fact name={words.ownUses}>{number(stored.own_uses)}</Fact>
          <Fact name={words.lastUsed}>
            {stored.last_used_at === null ? words.never : <Ago at={stored.last_used_at} />}
          </Fact>
        </Facts>
      </Section>
    </Stack>
  );
}

/** One that others look after: it can be used, and copied. */
function ReadOnly({ stored }: { stored: Response }) {
  const words = useText(cannedText);
  const sharing = useText(sharingText);
  const navigate = useNavigate();
  const once = useOnce();
  const kept = useKept<Response>(NAMES);
  const copy = useMutation({
    mutationFn: () => {
      const { title, category, content } = stored;
      const body = { title, category, content, visibility: 'private' as const };
      return once(body, (header) => ok(api.POST('/api/canned-responses', { params: { header }, body })));
    },
    onSuccess: (made) => {
      kept.saved(made, true);
      void navigate({ to: '/admin/$area/$id', params: { area: NAMES.area, id: made.id } });
    },
    onError: toastError,
  });
  return (
    <>
      <AreaHead area="canned-responses" title={stored.title} about={sharing.mayNot}>
        <Button busy={copy.isPending} onClick={() => copy.mutate()}>
          {words.copy}
        </Button>
      </AreaHead>
      <Stack>
        <Section title={words.details}>
          <div className={panels.code} dir="auto" tabIndex={0} role="region" aria-label={words.content}>
            {stored.content}
          </div>
          <Facts>
            {stored.shortcut !== null && (
              <Fact name={words.shortcut}>
                <code>/{stored.shortcut}</code>
              </Fact>
            )}
            {stored.category !== null && <Fact name={words.category}>{stored.category}</Fact>}
            <Fact name={sharing.visibility}>
              <SharedWith thing={stored} />
            </Fact>
          </Facts>
        </Section>
        <Known stored={stored} isDirty={false} />
      </Stack>
    </>
  );
}
