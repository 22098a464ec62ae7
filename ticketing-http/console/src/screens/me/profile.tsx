import { useState } from 'react';
import { api, ok } from '../../api/client';
import { changePassword, updateMe, useMe } from '../../api/session';
import { useFormat } from '../../format';
import { defineText, useText } from '../../text';
import { useLocale } from '../../text/language';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/field';
import { fieldText } from '../../ui/field-words';
import type { FieldErrors } from '../../ui/field-text';
import { differing } from '../../ui/differ';
import { LEAST, PasswordField } from '../../ui/password-field';
import { useNow } from '../../ui/time';
import { toast } from '../../ui/toast';
import { useSubmit } from '../../ui/use-submit';
import { Pick } from '../../ui/pick';
import { locales, timeZones } from '../../ui/places';
import styles from './me.module.css';

const text = defineText(
  {
    title: 'Profile',
    lead: 'How others see you, and how moments and numbers are written to you.',
    name: 'Name',
    email: 'Email',
    emailHint: 'You sign in with it. Only an administrator can change it.',
    locale: 'Language and region',
    localeHint: 'This console speaks English and German; mails come in more languages.',
    zone: 'Time zone',
    zoneHint: (now: string) => `It is ${now}.`,
    save: 'Save',
    saved: 'Your profile is saved.',
    password: 'Password',
    passwordLead: 'A new one signs you out everywhere but here.',
    current: 'Password until now',
    next: 'New password',
    change: 'Change password',
    changed: 'Your password is changed.',
  },
  {
    title: 'Profil',
    lead: 'Wie andere Sie sehen, und wie Zeiten und Zahlen für Sie geschrieben werden.',
    name: 'Name',
    email: 'E-Mail',
    emailHint: 'Damit melden Sie sich an. Ändern kann sie nur ein Administrator.',
    locale: 'Sprache und Region',
    localeHint: 'Diese Oberfläche gibt es auf Deutsch und Englisch; E-Mails kommen in weiteren Sprachen.',
    zone: 'Zeitzone',
    zoneHint: (now: string) => `Dort ist es ${now}.`,
    save: 'Speichern',
    saved: 'Ihr Profil ist gespeichert.',
    password: 'Passwort',
    passwordLead: 'Mit einem neuen werden Sie überall außer hier abgemeldet.',
    current: 'Bisheriges Passwort',
    next: 'Neues Passwort',
    change: 'Passwort ändern',
    changed: 'Ihr Passwort ist geändert.',
  },
);

export default function Profile() {
  const words = useText(text);
  return (
    <div className={styles.area}>
      <div className={styles.titles}>
        <h2 className={styles.title}>{words.title}</h2>
        <p className={styles.lead}>{words.lead}</p>
      </div>
      <Person />
      <Password />
    </div>
  );
}

interface Edits {
  name?: string;
  locale?: string | null;
  time_zone?: string | null;
}

function Person() {
  const words = useText(text);
  const faults = useText(fieldText);
  const me = useMe();
  const reader = useLocale();
  const now = useNow();
  const { fullTime } = useFormat();
  const [edits, setEdits] = useState<Edits>({});
  const shown = { name: me.name, locale: me.locale, time_zone: me.time_zone, ...edits };
  const changed: Edits = differing(me, shown);
  const change = (part: Edits) => setEdits((now) => ({ ...now, ...part }));
  const { form, onSubmit, isBusy, errors, rest } = useSubmit({
    fields: ['name', 'locale', 'time_zone'],
    check: (): FieldErrors => (shown.name.trim() === '' ? { name: faults.required } : {}),
    work: async () => {
      updateMe(await ok(api.PATCH('/api/auth/me', { body: changed })));
      // What was typed while it was sent is still to be saved.
      setEdits((now) => differing(shown, { ...shown, ...now }));
      toast(words.saved);
    },
  });
  return (
    <form ref={form} className={styles.card} noValidate onSubmit={onSubmit}>
      <div className={styles.fields}>
        <TextField
          label={words.name}
          autoComplete="name"
          maxLength={200}
          value={shown.name}
          error={errors['name']}
          onChange={(event) => change({ name: event.target.value })}
        />
        <TextField label={words.email} type="email" readOnly value={me.email} hint={words.emailHint} />
        <Pick
          label={words.locale}
          items={locales(reader)}
          value={shown.locale}
          hint={words.localeHint}
          error={errors['locale']}
          onChange={(locale) => change({ locale })}
        />
        <Pick
          label={words.zone}
          items={timeZones()}
          value={shown.time_zone}
          hint={words.zoneHint(fullTime(now))}
          error={errors['time_zone']}
          onChange={(time_zone) => change({ time_zone })}
        />
      </div>
      <p role="alert" className={styles.failure}>
        {rest}
      </p>
      <div className={styles.foot}>
        <Button kind="primary" type="submit" busy={isBusy} disabled={Object.keys(changed).length === 0}>
          {words.save}
        </Button>
      </div>
    </form>
  );
}

function Password() {
  const words = useText(text);
  const faults = useText(fieldText);
  const me = useMe();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const { form, onSubmit, isBusy, errors, rest } = useSubmit({
    fields: ['current_password', 'password'],
    check: () => ({
      ...(current === '' ? { current_password: faults.required } : {}),
      ...(Array.from(next).length < LEAST ? { password: faults.too_short } : {}),
    }),
    work: async () => {
      await changePassword(current, next);
      setCurrent('');
      setNext('');
      toast(words.changed);
    },
  });
  return (
    <form ref={form} className={styles.card} noValidate onSubmit={onSubmit}>
      <div className={styles.titles}>
        <h3>{words.password}</h3>
        <p className={styles.lead}>{words.passwordLead}</p>
      </div>
      {/* Whose password it is, for what keeps passwords. */}
      <input type="hidden" name="username" autoComplete="username" value={me.email} />
      <div className={styles.fields}>
        <PasswordField
          label={words.current}
          name="current_password"
          value={current}
          error={errors['current_password']}
          onChange={(event) => setCurrent(event.target.value)}
        />
        <PasswordField
          label={words.next}
          name="password"
          isNew
          value={next}
          error={errors['password']}
          onChange={(event) => setNext(event.target.value)}
        />
      </div>
      <p role="alert" className={styles.failure}>
        {rest}
      </p>
      <div className={styles.foot}>
        <Button type="submit" busy={isBusy}>
          {words.change}
        </Button>
      </div>
    </form>
  );
}
