/** Makes a key, and shows it the once that it is told. */
import { Copy } from 'lucide-react';
import { useId, useState } from 'react';
import { api, ok } from '../../api/client';
import { useMe } from '../../api/session';
import type { Schemas } from '../../api/types';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { copy } from '../../ui/copy';
import { Dialog } from '../../ui/dialog';
import { CheckField, SelectField, TextField } from '../../ui/field';
import { fieldText } from '../../ui/field-words';
import { isDoneBefore, useOnce } from '../../ui/use-once';
import { useSubmit } from '../../ui/use-submit';
import { keysText } from './keys-text';
import styles from './new-key.module.css';

type Scope = Schemas['KeyScope'];

export function NewKey({ onMade, onClose }: { onMade: () => void; onClose: () => void }) {
  const [key, setKey] = useState<string>();
  return key === undefined ? (
    <Make
      onMade={(made) => {
        setKey(made);
        onMade();
      }}
      onClose={onClose}
    />
  ) : (
    <Made secret={key} onClose={onClose} />
  );
}

function Make({ onMade, onClose }: { onMade: (key: string | undefined) => void; onClose: () => void }) {
  const words = useText(keysText);
  const faults = useText(fieldText);
  const { role } = useMe();
  const about = useId();
  const formId = useId();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(['tickets:read']);
  const [days, setDays] = useState('90');
  // A second try has to say the same as the first one.
  const [began] = useState(Date.now);
  const once = useOnce();
  const mayReport = role === 'manager' || role === 'admin';
  const offered: Scope[] = ['tickets:read', 'tickets:write', ...(mayReport ? ['reports:read' as const] : []), 'admin'];
  const { form, onSubmit, isBusy, errors, rest } = useSubmit({
    fields: ['name', 'scopes', 'expires_at'],
    check: () => ({
      ...(name.trim() === '' ? { name: faults.required } : {}),
      ...(scopes.length === 0 ? { scopes: words.chooseOne } : {}),
    }),
    work: async () => {
      const expires = days === '' ? {} : { expires_at: new Date(began + Number(days) * 86_400_000).toISOString() };
      const body = { name: name.trim(), scopes: [...scopes], ...expires };
      try {
        onMade((await once(body, (header) => ok(api.POST('/api/api-keys', { body, params: { header } })))).key);
      } catch (error) {
        if (!isDoneBefore(error)) throw error;
        onMade(undefined);
        throw new Error(words.unseen, { cause: error });
      }
    },
  });
  return (
    <Dialog
      title={words.make}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit" form={formId} busy={isBusy}>
            {words.create}
          </Button>
        </>
      }
    >
      <form id={formId} ref={form} className={styles.form} noValidate onSubmit={onSubmit}>
        <TextField
          label={words.name}
          hint={words.nameHint}
          autoFocus
          maxLength={100}
          autoComplete="off"
          value={name}
          error={errors['name']}
          onChange={(event) => setName(event.target.value)}
        />
        <fieldset className={styles.scopes} aria-describedby={errors['scopes'] === undefined ? undefined : about}>
          <legend>{words.may}</legend>
          {offered.map((scope) => (
            <CheckField
              key={scope}
              label={words.scopes[scope]}
              hint={words.scopeHints[scope]}
              checked={scopes.includes(scope)}
              onChange={(event) =>
                setScopes(offered.filter((one) => (one === scope ? event.target.checked : scopes.includes(one))))
              }
            />
          ))}
          <p id={about} role="alert" className={styles.failure}>
            {errors['scopes']}
          </p>
        </fieldset>
        <SelectField
          label={words.ends}
          hint={days === '' ? words.neverHint : undefined}
          value={days}
          error={errors['expires_at']}
          onChange={(event) => setDays(event.target.value)}
        >
          <option value="30">{words.in30}</option>
          <option value="90">{words.in90}</option>
          <option value="365">{words.in365}</option>
          <option value="">{words.never}</option>
        </SelectField>
        <p role="alert" className={styles.failure}>
          {rest}
        </p>
      </form>
    </Dialog>
  );
}

function Made({ secret, onClose }: { secret: string; onClose: () => void }) {
  const words = useText(keysText);
  return (
    <Dialog
      title={words.once}
      isDismissable={false}
      onClose={onClose}
      footer={
        <Button kind="primary" onClick={onClose}>
          {words.done}
        </Button>
      }
    >
      <div className={styles.form}>
        <p>{words.onceBody}</p>
        <div className={styles.secret}>
          <TextField
            label={words.key}
            isLabelHidden
            readOnly
            autoFocus
            dir="ltr"
            spellCheck={false}
            value={secret}
            className={styles.key}
            onFocus={(event) => event.target.select()}
          />
          <Button icon={<Copy size={16} />} onClick={() => void copy(secret, words.copied)}>
            {words.copy}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
