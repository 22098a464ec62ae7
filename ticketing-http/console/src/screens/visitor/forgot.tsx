import { useState } from 'react';
import { api, ok } from '../../api/client';
import { useText } from '../../text';
import { useOnce } from '../../ui/use-once';
import { Button } from '../../ui/button';
import { CardPage, cardForm } from '../../ui/card-page';
import { TextField } from '../../ui/field';
import { useSubmit } from '../../ui/use-submit';
import { Send, ToSignIn, useCheck } from './parts';
import { visitorText } from './text';

export function Forgot() {
  const words = useText(visitorText);
  const check = useCheck();
  const once = useOnce();
  const [email, setEmail] = useState('');
  const [isSent, setSent] = useState(false);
  const { form, onSubmit, isBusy, errors, rest } = useSubmit({
    fields: ['email'],
    check: () => check({ email }),
    work: async () => {
      const body = { email: email.trim() };
      await once(body, (header) => ok(api.POST('/api/auth/password/forgot', { body, params: { header } })));
      setSent(true);
    },
  });

  if (isSent)
    return (
      <CardPage title={words.forgot.sent} lead={words.forgot.sentLead(email.trim())} links={<ToSignIn />}>
        <p role="status">{words.forgot.nothing}</p>
        <Button onClick={() => setSent(false)}>{words.forgot.again}</Button>
      </CardPage>
    );
  return (
    <CardPage title={words.forgot.title} lead={words.forgot.lead} links={<ToSignIn />}>
      <form ref={form} className={cardForm} noValidate onSubmit={onSubmit}>
        <TextField
          label={words.email}
          type="email"
          name="email"
          autoComplete="username"
          autoFocus
          value={email}
          error={errors['email']}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Send label={words.forgot.send} isBusy={isBusy} rest={rest} />
      </form>
    </CardPage>
  );
}
