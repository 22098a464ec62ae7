import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { api, ifVersion, ok } from '../../../api/client';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { TextArea, TextField } from '../../../ui/field';
import { toast, toastError } from '../../../ui/toast';
import { AreaHead } from '../area-head';
import { Chip } from '../chip';
import { Confirm } from '../confirm-loss';
import { useDraft } from '../draft';
import { useFilter } from '../filter';
import { InsertList, useLastField } from '../insert-list';
import panels from '../panels.module.css';
import { Loaded } from '../rows';
import { AskToLeave, SaveBar } from '../save-bar';
import { templateKey, useTemplate, useTemplates, type MailType, type Template } from './data';
import styles from './email-templates.module.css';
import { LanguageChoice } from './language-choice';
import { languageTag } from './languages';
import { Preview } from './preview';
import { templateText } from './text';

/** One kind of mail: its texts for a language, and how they look to their reader. */
export function One({ type }: { type: MailType }) {
  const words = useText(templateText);
  const [{ locale: asked }, change] = useFilter();
  const locale = languageTag(asked ?? '');
  const template = useTemplate(type, locale);
  const all = useTemplates();
  const reworded = (all.data ?? [])
    .filter((one) => one.type === type && !one.is_built_in && one.locale !== null)
    .map((one) => one.locale ?? '');
  const [isDirty, setDirty] = useState(false);
  const [wanted, setWanted] = useState<{ locale: string | undefined }>();
  const choose = (next: string | undefined) => {
    if (isDirty) setWanted({ locale: next });
    else change({ locale: next });
  };
  return (
    <>
      <AreaHead title={words.types[type]} back={{ area: 'email-templates', label: words.back }}>
        <LanguageChoice locale={locale} reworded={reworded} onChange={choose} />
      </AreaHead>
      <Loaded of={template} lines={10}>
        {template.data !== undefined && (
          <Editor
            key={`${type} ${locale ?? ''}`}
            template={template.data}
            locale={locale}
            refresh={() => void template.refetch()}
            onDirty={setDirty}
          />
        )}
      </Loaded>
      {wanted !== undefined && (
        <AskToLeave
          onStay={() => setWanted(undefined)}
          onLeave={() => {
            setWanted(undefined);
            setDirty(false);
            change({ locale: wanted.locale });
          }}
        />
      )}
    </>
  );
}

interface EditorProps {
  template: Template;
  locale: string | undefined;
  refresh: () => void;
  onDirty: (isDirty: boolean) => void;
}

function Editor({ template, locale, refresh, onDirty }: EditorProps) {
  const words = useText(templateText);
  const queries = useQueryClient();
  const cursor = useLastField();
  const { type } = template;
  const query = locale === undefined ? {} : { locale };
  const draft = useDraft({
    saved: { subject: template.subject, html: template.html, text: template.text },
    version: template.version,
    refresh,
    onDirty,
    save: async ({ value, version }) => {
      const answer = await ok(
        api.PUT('/api/email-templates/{type}', {
          params: { path: { type }, query, header: ifVersion(version) },
          body: value,
        }),
      );
      queries.setQueryData(templateKey(type, locale), answer);
      void queries.invalidateQueries({ queryKey: ['email-templates', 'list'] });
      toast(words.saved);
    },
  });
  const { value, set, error } = draft;
  return (
    <div className={styles.split}>
      <form
        className={styles.stack}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          draft.submit();
        }}
      >
        <div className={styles.state}>
          {template.is_built_in ? (
            <Chip tone={undefined}>{words.builtIn}</Chip>
          ) : (
            <>
              <Chip tone="ok">{words.reworded}</Chip>
              <Reset template={template} locale={locale} />
            </>
          )}
        </div>
        {template.is_built_in && locale !== undefined && <p className={panels.small}>{words.none}</p>}
        <TextField
          label={words.subject}
          value={value.subject}
          error={error('subject')}
          onFocus={cursor.onFocus}
          onChange={(event) => set({ subject: event.target.value })}
        />
        <TextArea
          label={words.html}
          rows={16}
          dir="ltr"
          spellCheck={false}
          wrap="off"
          style={{ fontFamily: 'var(--mono)', fontSize: 'var(--size-xs)' }}
          value={value.html}
          error={error('html')}
          onFocus={cursor.onFocus}
          onChange={(event) => set({ html: event.target.value })}
        />
        <TextArea
          label={words.text}
          rows={10}
          style={{ fontFamily: 'var(--mono)', fontSize: 'var(--size-s)' }}
          value={value.text}
          error={error('text')}
          onFocus={cursor.onFocus}
          onChange={(event) => set({ text: event.target.value })}
        />
        <div>
          <p className={styles.label}>{words.values}</p>
          <InsertList
            values={template.variables.map((one) => ({ path: one.path, about: one.about, isList: one.is_list }))}
            onInsert={cursor.insert}
          />
        </div>
        <SaveBar draft={draft} />
      </form>
      <Preview type={type} texts={value} locale={locale} />
    </div>
  );
}

function Reset({ template, locale }: { template: Template; locale: string | undefined }) {
  const words = useText(templateText);
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const reset = useMutation({
    mutationFn: () =>
      ok(
        api.DELETE('/api/email-templates/{type}', {
          params: {
            path: { type: template.type },
            query: locale === undefined ? {} : { locale },
            header: ifVersion(template.version),
          },
        }),
      ),
    onSuccess: async () => {
      setAsking(false);
      toast(words.resetDone);
      await queries.invalidateQueries({ queryKey: ['email-templates'] });
    },
    onError: toastError,
  });
  return (
    <>
      <Button size="small" icon={<RotateCcw size={14} />} onClick={() => setAsking(true)}>
        {words.reset}
      </Button>
      {isAsking && (
        <Confirm
          title={words.resetTitle}
          action={words.reset}
          isBusy={reset.isPending}
          onConfirm={() => reset.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>{words.resetBody}</p>
        </Confirm>
      )}
    </>
  );
}
