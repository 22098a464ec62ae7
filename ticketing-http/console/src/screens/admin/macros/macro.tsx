import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, ifVersion, ok } from '../../../api/client';
import type { Schemas } from '../../../api/types';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { ConfirmButton } from '../../../ui/confirm';
import { faultText } from '../../../ui/fault';
import { TextField } from '../../../ui/field';
import { FormFrame } from '../../../ui/form';
import { Fields, Section, Stack } from '../../../ui/section';
import { Skeleton } from '../../../ui/skeleton';
import { toastError } from '../../../ui/toast';
import { useForm } from '../../../ui/use-form';
import { useOnce } from '../../../ui/use-once';
import { Actions } from '../../workflows/actions';
import { EditingContext, useUnreadablePlaces } from '../../workflows/context';
import { useSpeech } from '../../workflows/data';
import { actionLines } from '../../workflows/model/describe';
import { edit, newDraft, type ActionDraft } from '../../workflows/model/draft';
import { isObject, type Json } from '../../workflows/model/json';
import { buildText } from '../../workflows/text-build';
import { AreaHead } from '../area-head';
import { Fact, Facts } from '../facts';
import { useKept } from '../kept';
import { OneOrNew } from '../one';
import panels from '../panels.module.css';
import { useRights, type Rights } from '../../../ui/sharing-rights';
import { SharedWith, SharingFields, sharingText } from '../sharing';
import { adminText } from '../text';
import { macroText } from './text';

type Macro = Schemas['Macro'];

const load = (id: string, signal?: AbortSignal) =>
  ok(api.GET('/api/macros/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) }));

const NAMES = { area: 'macros', noun: 'macro', nouns: 'macros' } as const;
const NO_RULES: never[] = [];
const NOTHING = new Map<string, string>();

export function MacroPage({ id }: { id: string }) {
  const rights = useRights();
  return (
    <OneOrNew area="macros" id={id} queryKey={['macro', id]} load={(signal) => load(id, signal)}>
      {(stored) =>
        !rights.isKnown ? (
          <Skeleton lines={8} />
        ) : stored === undefined || rights.mayChange(stored) ? (
          <MacroForm stored={stored} rights={rights} />
        ) : (
          <ReadOnly stored={stored} />
        )
      }
    </OneOrNew>
  );
}

/** The same actions have the same ids, so that what is read twice does not differ. */
function readActions(actions: Macro['actions']): ActionDraft[] {
  return actions.map(({ type, params }, at) => ({
    id: `stored-${at}`,
    type,
    params: isObject(params as Json) ? (params as ActionDraft['params']) : {},
    extra: {},
  }));
}

const BEGINNING: ActionDraft[] = [{ id: 'first', type: 'add_comment', params: { body: '' }, extra: {} }];

const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

function MacroForm({ stored, rights }: { stored: Macro | undefined; rights: Rights }) {
  const words = useText(macroText);
  const admin = useText(adminText);
  const sharing = useText(sharingText);
  const build = useText(buildText);
  const speech = useSpeech(NO_RULES);
  const kept = useKept<Macro>(NAMES);
  const [unreadable, markUnreadable] = useUnreadablePlaces();
  const isUnreadable = unreadable.size > 0;
  // Counts how often what was written was thrown away, to have the fields written anew that hold what can't be read.
  const [discards, setDiscards] = useState(0);
  const form = useForm({
    stored,
    read: (macro: Macro | undefined) => ({
      name: macro?.name ?? '',
      description: macro?.description ?? '',
      shortcut: macro?.shortcut ?? '',
      position: macro === undefined ? '' : String(macro.position),
      visibility: macro?.visibility ?? 'private',
      team_id: macro?.team_id ?? '',
      actions: macro === undefined ? BEGINNING : readActions(macro.actions),
    }),
    write: (draft) => ({
      name: draft.name.trim(),
      description: orNull(draft.description),
      shortcut: orNull(draft.shortcut),
      ...(draft.position.trim() === '' ? {} : { position: Number(draft.position) }),
      visibility: draft.visibility,
      team_id: draft.visibility === 'team' ? orNull(draft.team_id) : null,
      actions: draft.actions.map(({ type, params, extra }) => ({ type, params, ...extra })),
    }),
    check: (): Record<string, string> => (isUnreadable ? { actions: build.noJson } : {}),
    create: (body, header) => ok(api.POST('/api/macros', { params: { header }, body })),
    change: (body, { id, version }, whole) =>
      ok(
        api.PATCH('/api/macros/{id}', {
          params: { path: { id }, header: ifVersion(version) },
          // Who has it and which team go together.
          body:
            'visibility' in body || 'team_id' in body
              ? { ...body, visibility: whole.visibility, team_id: whole.team_id }
              : body,
        }),
      ),
    load: ({ id }) => load(id),
    ...kept.form,
  });
  const { draft, set, error } = form;
  const rule = { ...newDraft(), actions: draft.actions };
  const remove = async ({ id, version }: Macro) => {
    await ok(api.DELETE('/api/macros/{id}', { params: { path: { id }, header: ifVersion(version) } }));
    await kept.gone({ id, deleted: words.deleted });
  };
  return (
    <>
      <AreaHead area="macros" title={stored?.name ?? words.newTitle}>
        {stored !== undefined && (
          <ConfirmButton
            label={words.delete}
            title={words.deleteTitle(stored.name)}
            action={admin.delete}
            run={() => remove(stored)}
          >
            {words.deleteBody}
          </ConfirmButton>
        )}
      </AreaHead>
      {stored !== undefined && <Problems stored={stored} />}
      <FormFrame
        form={{
          ...form,
          isDirty: form.isDirty || isUnreadable,
          discard: () => {
            form.discard();
            setDiscards(discards + 1);
          },
        }}
        names={{
          name: words.name,
          description: words.description,
          shortcut: words.shortcut,
          position: words.position,
          visibility: sharing.visibility,
          team_id: sharing.whichTeam,
          actions: words.does,
        }}
      >
        <Section title={words.details}>
          <Fields>
            <TextField
              label={words.name}
              value={draft.name}
              autoFocus={stored === undefined}
              error={error('name')}
              onChange={(event) => set({ name: event.target.value })}
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
              label={words.description}
              value={draft.description}
              hint={words.descriptionHint}
              error={error('description')}
              onChange={(event) => set({ description: event.target.value })}
            />
            <TextField
              label={words.position}
              inputMode="numeric"
              value={draft.position}
              hint={words.positionHint}
              error={error('position')}
              onChange={(event) => set({ position: event.target.value })}
            />
          </Fields>
        </Section>
        <Section title={words.does} about={words.doesHint}>
          <EditingContext
            value={{
              draft: rule,
              step: (step) => set({ actions: edit(rule, step).actions }),
              errors: form.errorsIn('actions'),
              places: NOTHING,
              speech,
              isByHand: true,
              markUnreadable,
            }}
          >
            <Actions key={discards} />
          </EditingContext>
        </Section>
        <Section title={words.sharing}>
          <Fields>
            <SharingFields draft={draft} set={set} error={error} rights={rights} />
          </Fields>
        </Section>
      </FormFrame>
    </>
  );
}

function Problems({ stored }: { stored: Macro }) {
  const words = useText(macroText);
  if (stored.problems.length === 0) return null;
  return (
    <div role="status">
      <p>{words.problems}</p>
      <ul>
        {stored.problems.map((one) => (
          <li key={one.field}>
            <code>{one.field}</code> {faultText(one)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** One that others look after: it can be used, and copied. */
function ReadOnly({ stored }: { stored: Macro }) {
  const words = useText(macroText);
  const sharing = useText(sharingText);
  const speech = useSpeech(NO_RULES);
  const navigate = useNavigate();
  const once = useOnce();
  const kept = useKept<Macro>(NAMES);
  const copy = useMutation({
    mutationFn: () => {
      const { name, description, actions } = stored;
      const body = { name, description, actions, visibility: 'private' as const };
      return once(body, (header) => ok(api.POST('/api/macros', { params: { header }, body })));
    },
    onSuccess: (made) => {
      kept.saved(made, true);
      void navigate({ to: '/admin/$area/$id', params: { area: NAMES.area, id: made.id } });
    },
    onError: toastError,
  });
  const lines = stored.actions.flatMap((one, at) => {
    const [first = '', ...rest] = actionLines(one as Parameters<typeof actionLines>[0], speech);
    return [`${at + 1}. ${first}`, ...rest];
  });
  return (
    <>
      <AreaHead area="macros" title={stored.name} about={sharing.mayNot}>
        <Button busy={copy.isPending} onClick={() => copy.mutate()}>
          {words.copy}
        </Button>
      </AreaHead>
      <Problems stored={stored} />
      <Stack>
        <Section title={words.does}>
          <div className={panels.code} dir="auto" tabIndex={0} role="group" aria-label={words.does}>
            {lines.join('\n')}
          </div>
          <Facts>
            {stored.description !== null && <Fact name={words.description}>{stored.description}</Fact>}
            {stored.shortcut !== null && (
              <Fact name={words.shortcut}>
                <code>/{stored.shortcut}</code>
              </Fact>
            )}
            <Fact name={sharing.visibility}>
              <SharedWith thing={stored} />
            </Fact>
          </Facts>
        </Section>
      </Stack>
    </>
  );
}
