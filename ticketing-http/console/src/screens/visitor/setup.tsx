import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { WELCOME_KEY } from '../../app/desk';
import { api, ok, once } from '../../api/client';
import { useText } from '../../text';
import { CardPage, cardForm } from '../../ui/card-page';
import { TextField } from '../../ui/field';
import { PasswordField } from '../../ui/password-field';
import { useSubmit } from '../../ui/use-submit';
import { DeadLink, Send, ToSignIn, isTokenRefused, useCheck, useGoOn, useLinkToken } from './parts';
import { visitorText } from './text';

/** The first administrator, by the link that the server prints where there is none. */
export function Setup() {
  const words = useText(visitorText);
  const token = useLinkToken();
  const check = useCheck();
  const goOn = useGoOn();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [isRefused, setRefused] = useState(false);
  const { form, onSubmit, isBusy, errors, rest } = useSubmit({
    fields: ['name', 'email', 'password'],
    check: () => check({ name, email, password }),
    work: async () => {
      const body = { token: token ?? '', name: name.trim(), email: email.trim(), password };
      try {
        await ok(api.POST('/api/auth/setup', { body, params: { header: once() } }));
      } catch (error) {
        if (!isTokenRefused(error)) throw error;
        setRefused(true);
        return;
      }
      void queries.invalidateQueries({ queryKey: WELCOME_KEY });
      await goOn(body.email, password);
    },
  });

  if (token === undefined || isRefused) return <DeadLink isMissing={token === undefined} lead={words.setup.usedLead} />;
  return (
    <CardPage title={words.setup.title} lead={words.setup.lead} links={<ToSignIn />}>
      <form ref={form} className={cardForm} noValidate onSubmit={onSubmit}>
        <TextField
          label={words.name}
          name="name"
          autoComplete="name"
          autoFocus
          maxLength={200}
          value={name}
          error={errors['name']}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label={words.email}
          type="email"
          name="email"
          autoComplete="username"
          value={email}
          error={errors['email']}
          onChange={(event) => setEmail(event.target.value)}
        />
        <PasswordField
          label={words.password}
          name="password"
          isNew
          value={password}
          error={errors['password']}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Send label={words.setup.send} isBusy={isBusy} rest={rest} />
      </form>
    </CardPage>
  );
}
