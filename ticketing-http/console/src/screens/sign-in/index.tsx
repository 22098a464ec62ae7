import { Link, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useAhead } from '../../app/ahead';
import { useDesk } from '../../app/desk';
import { Problem } from '../../api/problem';
import { signIn, useSession } from '../../api/session';
import { defineText, useText } from '../../text';
import { Button } from '../../ui/button';
import { CardPage, cardFailure, cardForm } from '../../ui/card-page';
import { TextField } from '../../ui/field';
import { PasswordField } from '../../ui/password-field';
import { useSubmit } from '../../ui/use-submit';

export const signInText = defineText(
  {
    title: 'Sign in',
    email: 'Email',
    password: 'Password',
    enter: 'Sign in',
    forgot: 'Forgot your password?',
    register: 'Create an account',
    refused: 'This email and password don’t go together.',
    setup: 'This desk has no administrator yet. Open the link that the server printed when it started.',
    again: 'Sign in again',
    ended: 'Your sign-in has ended. Nothing of what you wrote is lost.',
  },
  {
    title: 'Anmelden',
    email: 'E-Mail',
    password: 'Passwort',
    enter: 'Anmelden',
    forgot: 'Passwort vergessen?',
    register: 'Konto anlegen',
    refused: 'E-Mail und Passwort passen nicht zusammen.',
    setup:
      'Dieser Helpdesk hat noch keinen Administrator. Öffnen Sie den Link, den der Server bei seinem Start ausgegeben hat.',
    again: 'Noch einmal anmelden',
    ended: 'Ihre Anmeldung ist abgelaufen. Was Sie geschrieben haben, ist noch da.',
  },
);

export default function SignIn() {
  const words = useText(signInText);
  const desk = useDesk();
  const session = useSession();
  const navigate = useNavigate();
  const to = useRouterState({ select: (state) => (state.location.search as { to?: string }).to });
  useEffect(() => {
    // Only within the desk: an address of elsewhere has no place here.
    if (session.state === 'signed-in')
      void navigate({ href: to?.startsWith('/') === true && !to.startsWith('//') ? to : '/', replace: true });
  }, [session.state, navigate, to]);
  // While somebody writes the password, what they want to see is loaded.
  useAhead(() => import('../queue'), 0);
  return (
    <CardPage
      title={words.title}
      lead={desk.needs_setup ? words.setup : undefined}
      links={
        <>
          <Link to="/forgot">{words.forgot}</Link>
          {desk.registration && <Link to="/register">{words.register}</Link>}
        </>
      }
    >
      <SignInForm />
    </CardPage>
  );
}

/** Who one is and the password, as far as the page does not know them. */
export function SignInForm({ email: known, password: set }: { email?: string; password?: string }) {
  const words = useText(signInText);
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState(set ?? '');
  const [isRefused, setRefused] = useState(false);
  const { form, onSubmit, isBusy, errors, rest } = useSubmit({
    fields: ['email', 'password'],
    work: async () => {
      setRefused(false);
      try {
        await signIn(email.trim(), password);
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 401) throw error;
        setRefused(true);
      }
    },
  });
  return (
    <form ref={form} className={cardForm} onSubmit={onSubmit}>
      <TextField
        label={words.email}
        type="email"
        name="email"
        autoComplete="username"
        required
        autoFocus={known === undefined}
        readOnly={known !== undefined}
        value={email}
        error={errors['email']}
        onChange={(event) => setEmail(event.target.value)}
      />
      <PasswordField
        label={words.password}
        name="password"
        required
        autoFocus={known !== undefined}
        value={password}
        error={errors['password']}
        onChange={(event) => setPassword(event.target.value)}
      />
      <p role="alert" className={cardFailure}>
        {isRefused ? words.refused : rest}
      </p>
      <Button kind="primary" type="submit" busy={isBusy}>
        {words.enter}
      </Button>
    </form>
  );
}
