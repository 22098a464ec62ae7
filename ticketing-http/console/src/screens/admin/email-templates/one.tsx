import { useQueryClient } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { api, ifVersion, ok } from '../../../api/client';
import { useText } from '../../../text';
import { Chip } from '../../../ui/chip';
import { ConfirmButton } from '../../../ui/confirm';
import { TextArea, TextField } from '../../../ui/field';
import { FormFrame } from '../../../ui/form';
import { Loaded } from '../../../ui/loaded';
import { toast } from '../../../ui/toast';
import { useForm } from '../../../ui/use-form';
import { AreaHead } from '../area-head';
import { useFilter } from '../filter';
import { InsertList, useLastField } from '../insert-list';
import panels from '../panels.module.css';
import { adminText } from '../text';
import { loadTemplate, templateKey, useTemplate, useTemplates, type MailType, type Template } from './data';
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
  return (
    <>
      <AreaHead area="email-templates" title={words.types[type]}>
        <LanguageChoice locale={locale} reworded={reworded} onChange={(next) => change({ locale: next })} />
      </AreaHead>
      <Loaded of={template} lines={10}>
        {(stored) => <Editor key={`${type} ${locale ?? ''}`} stored={stored} locale={locale} />}
      </Loaded>
    </>
  );
}

function Editor({ stored, locale }: { stored: Template; locale: string | undefined }) {
  const words = useText(templateText);
  const admin = useText(adminText);
  const queries = useQueryClient();
  const cursor = useLastField();
  const { type } = stored;
  const put = (template: Template) => {
    queries.setQueryData(templateKey(type, locale), template);
    void queries.invalidateQueries({ queryKey: ['email-templates', 'all'] });
  };
  const form = useForm({
    stored,
    read: ({ subject, html, text }: Template) => ({ subject, html, text }),
    write: (draft) => draft,
    change: (_part, { version }, body) =>
      ok(
        api.PUT('/api/email-templates/{type}', {
          params: { path: { type }, query: locale === undefined ? {} : { locale }, header: ifVersion(version) },
          body,
        }),
      ),
    load: () => loadTemplate(type, locale),
    onSaved: (template) => {
      put(template);
      toast(admin.saved);
    },
    onTheirs: put,
  });
  const { draft, set, error } = form;
  return (
    <div className={styles.split}>
      <FormFrame form={form} names={{ subject: words.subject, html: words.html, text: words.text }} editedBy="locale">
        <div className={styles.state}>
          {stored.is_built_in ? (
            <Chip tone="idle">{words.builtIn}</Chip>
          ) : (
            <>
              <Chip tone="ok">{words.reworded}</Chip>
              <Reset template={stored} locale={locale} />
            </>
          )}
        </div>
        {stored.is_built_in && locale !== undefined && <p className={panels.small}>{words.none}</p>}
        <TextField
          label={words.subject}
          value={draft.subject}
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
          value={draft.html}
          error={error('html')}
          onFocus={cursor.onFocus}
          onChange={(event) => set({ html: event.target.value })}
        />
        <TextArea
          label={words.text}
          rows={10}
          style={{ fontFamily: 'var(--mono)', fontSize: 'var(--size-s)' }}
          value={draft.text}
          error={error('text')}
          onFocus={cursor.onFocus}
          onChange={(event) => set({ text: event.target.value })}
        />
        <div>
          <p className={styles.label}>{words.values}</p>
          <InsertList
            values={stored.variables.map((one) => ({ path: one.path, about: one.about, isList: one.is_list }))}
            onInsert={cursor.insert}
          />
        </div>
      </FormFrame>
      <Preview type={type} texts={draft} locale={locale} />
    </div>
  );
}

/** Back to what comes with the desk. */
function Reset({ template, locale }: { template: Template; locale: string | undefined }) {
  const words = useText(templateText);
  const queries = useQueryClient();
  const reset = async () => {
    await ok(
      api.DELETE('/api/email-templates/{type}', {
        params: {
          path: { type: template.type },
          query: locale === undefined ? {} : { locale },
          header: ifVersion(template.version),
        },
      }),
    );
    toast(words.resetDone);
    await queries.invalidateQueries({ queryKey: ['email-templates'] });
  };
  return (
    <ConfirmButton
      label={words.reset}
      size="small"
      icon={<RotateCcw size={14} />}
      title={words.resetTitle}
      action={words.reset}
      run={reset}
    >
      {words.resetBody}
    </ConfirmButton>
  );
}
