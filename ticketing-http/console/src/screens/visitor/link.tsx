import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useDesk } from '../../app/desk';
import { api, ok } from '../../api/client';
import { useText } from '../../text';
import { buttonClass } from '../../ui/button';
import { CardPage, cardForm } from '../../ui/card-page';
import { PasswordField } from '../../ui/password-field';
import { useOnce } from '../../ui/use-once';
import { useSubmit } from '../../ui/use-submit';
import { DeadLink, Send, ToSignIn, isTokenRefused, useCheck, useLinkToken } from './parts';
import { SignInSet } from './set';
import { visitorText } from './text';

/** A forgotten password, set anew by the link of a mail. */
export function Reset() {
  const words = useText(visitorText).reset;
  return <PasswordByLink title={words.title} lead={words.lead} send={words.send} />;
}

/** The first password of somebody who was invited. */
export function Invite() {
  const words = useText(visitorText).invite;
  const { name } = useDesk();
  return <PasswordByLink title={words.title} lead={words.lead(name)} send={words.send} />;
}

function PasswordByLink({ title, lead, send }: { title: string; lead: string; send: string }) {
  const words = useText(visitorText);
  const token = useLinkToken();
  const check = useCheck();
  const once = useOnce();
  const [password, setPassword] = useState('');
  const [state, setState] = useState<'asking' | 'refused' | 'set'>('asking');
  const { form, onSubmit, isBusy, errors, rest } = useSubmit({
    fields: ['password'],
    check: () => check({ password }),
    work: async () => {
      try {
        const body = { token: token ?? '', password };
        await once(body, (header) => ok(api.POST('/api/auth/password/reset', { body, params: { header } })));
        setState('set');
      } catch (error) {
        if (!isTokenRefused(error)) throw error;
        setState('refused');
      }
    },
  });

  if (token === undefined || state === 'refused') {
    return (
      <DeadLink
        isMissing={token === undefined}
        action={
          <Link to="/forgot" className={buttonClass('primary')}>
            {words.reset.another}
          </Link>
        }
      />
    );
  }
  if (state === 'set') return <SignInSet password={password} />;
  return (
    <CardPage title={title} lead={lead} links={<ToSignIn />}>
      <form ref={form} className={cardForm} noValidate onSubmit={onSubmit}>
        <PasswordField
          label={words.newPassword}
          name="password"
          isNew
          autoFocus
          value={password}
          error={errors['password']}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Send label={send} isBusy={isBusy} rest={rest} />
      </form>
    </CardPage>
  );
}
