import { useText } from '../../../text';
import { useFormat } from '../../../format';
import { Button } from '../../../ui/button';
import { copy } from '../../../ui/copy';
import { TextField } from '../../../ui/field';
import type { Form } from '../../../ui/use-form';
import panels from '../panels.module.css';
import { makeSecret, type WebhookForm } from './form';
import { webhookText } from './text';
import styles from './webhooks.module.css';

/** What calls are signed with: seen while it is set, and never again. */
export function Secret({ form, secretEndsAt }: { form: Form<WebhookForm>; secretEndsAt: readonly string[] }) {
  const words = useText(webhookText);
  const { dateTime } = useFormat();
  const { how, text } = form.draft.secret_key;
  const choose = (next: WebhookForm['secret_key']) => form.set({ secret_key: next });
  const ends = secretEndsAt.map((at) => words.secretEnds(dateTime(at))).join(' ');

  if (how === 'set')
    return (
      <div className={styles.secret}>
        <TextField
          label={words.secret}
          hint={text === '' ? words.secretNone : words.secretOnce}
          dir="ltr"
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          value={text}
          error={form.error('secret_key')}
          onChange={(event) => choose({ how, text: event.target.value })}
        />
        <div className={panels.buttons}>
          <Button size="small" onClick={() => choose({ how, text: makeSecret() })}>
            {words.generate}
          </Button>
          {text !== '' && (
            <Button size="small" onClick={() => void copy(text, words.copied)}>
              {words.copy}
            </Button>
          )}
        </div>
      </div>
    );
  return (
    <div className={styles.secret}>
      <p className={styles.label}>{words.secret}</p>
      <p className={panels.quiet}>{how === 'remove' ? words.secretGone : `${words.secretSet} ${ends}`}</p>
      <div className={panels.buttons}>
        {how === 'remove' ? (
          <Button size="small" onClick={() => choose({ how: 'keep', text: '' })}>
            {words.secretKeep}
          </Button>
        ) : (
          <>
            <Button size="small" onClick={() => choose({ how: 'set', text: '' })}>
              {words.secretReplace}
            </Button>
            <Button size="small" onClick={() => choose({ how: 'remove', text: '' })}>
              {words.secretRemove}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
