import { useState, type SyntheticEvent } from 'react';
import { useText } from '../../../text';
import { useLocale } from '../../../text/language';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { SelectField, TextField } from '../../../ui/field';
import panels from '../panels.module.css';
import { BUILT_IN_LANGUAGES } from './data';
import styles from './email-templates.module.css';
import { languageName, languageTag } from './languages';
import { templateText } from './text';

const OTHER = '*';

interface Props {
  /** Of what the texts are shown; undefined is for all. */
  locale: string | undefined;
  /** For what there are texts already. */
  reworded: readonly string[];
  onChange: (locale: string | undefined) => void;
}

export function LanguageChoice({ locale, reworded, onChange }: Props) {
  const words = useText(templateText);
  const place = useLocale();
  const [isAsking, setAsking] = useState(false);
  const tags = [...new Set([...BUILT_IN_LANGUAGES, ...reworded, ...(locale === undefined ? [] : [locale])])];
  const named = tags
    .map((tag) => ({ tag, name: languageName(tag, place) }))
    .sort((a, b) => a.name.localeCompare(b.name, place));
  return (
    <>
      <SelectField
        label={words.language}
        className={styles.language}
        value={locale ?? ''}
        onChange={(event) => {
          const chosen = event.target.value;
          if (chosen === OTHER) setAsking(true);
          else onChange(chosen === '' ? undefined : chosen);
        }}
      >
        <option value="">{words.all}</option>
        {named.map(({ tag, name }) => (
          <option key={tag} value={tag}>
            {reworded.includes(tag) ? `${name} · ${words.reworded}` : name}
          </option>
        ))}
        <option value={OTHER}>{words.other}</option>
      </SelectField>
      {isAsking && (
        <Other
          onClose={() => setAsking(false)}
          onChoose={(tag) => {
            setAsking(false);
            onChange(tag);
          }}
        />
      )}
    </>
  );
}

function Other({ onChoose, onClose }: { onChoose: (tag: string) => void; onClose: () => void }) {
  const words = useText(templateText);
  const [text, setText] = useState('');
  const [isWrong, setWrong] = useState(false);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const tag = languageTag(text);
    if (tag === undefined) setWrong(true);
    else onChoose(tag);
  };
  return (
    <Dialog title={words.otherTitle} onClose={onClose}>
      <form className={styles.stack} onSubmit={submit}>
        <TextField
          label={words.otherLabel}
          hint={words.otherHint}
          error={isWrong ? words.otherWrong : undefined}
          dir="ltr"
          autoFocus
          maxLength={35}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setWrong(false);
          }}
        />
        <div className={panels.buttons}>
          <Button kind="primary" type="submit">
            {words.choose}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}
