import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useDesk } from '../../app/desk';
import { api, ok, once } from '../../api/client';
import { Problem } from '../../api/problem';
import { currentSession } from '../../api/session';
import { useText } from '../../text';
import { CardPage, cardForm } from '../../ui/card-page';
import { TextField } from '../../ui/field';
import { FieldProblem } from '../../ui/field-text';
import { PasswordField } from '../../ui/password-field';
import { useSubmit } from '../../ui/use-submit';
import { Send, ToSignIn, useCheck, useGoOn } from './parts';
import { visitorText } from './text';

export function Register() {
  const words = useText(visitorText);
  const desk = useDesk();
  const navigate = useNavigate();
  const goOn = useGoOn();
  const check = useCheck();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  useEffect(() => {
    // Who is somebody already has nothing to make here.
    if (currentSession().state === 'signed-in') void navigate({ to: '/', replace: true });
  }, [navigate]);
  const { form, onSubmit, isBusy, errors, rest } = useSubmit({
    fields: ['name', 'email', 'password'],
    check: () => check({ name, email, password }),
    work: async () => {
      const body = { name: name.trim(), email: email.trim(), password };
      try {
        await ok(api.POST('/api/auth/register', { body, params: { header: once() } }));
      } catch (error) {
        if (error instanceof Problem && error.code === 'duplicate')
          throw new FieldProblem({ email: words.register.taken });
        throw error;
      }
      await goOn(body.email, password);
    },
  });

  if (desk.isKnown && !desk.registration)
    return <CardPage title={words.register.closed} lead={words.register.closedLead} links={<ToSignIn />} />;
  return (
    <CardPage
      title={words.register.title}
      lead={words.register.lead}
      links={<Link to="/sign-in">{words.register.have}</Link>}
    >
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
        <Send label={words.register.send} isBusy={isBusy} rest={rest} />
      </form>
    </CardPage>
  );
}
