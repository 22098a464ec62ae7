import { Link, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useState, type SyntheticEvent } from 'react';
import { signIn, useSession } from '../../api/session';
import { defineText, useText } from '../../text';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/field';
import { reason } from '../../ui/toast';
import styles from './sign-in.module.css';

export const signInText = defineText(
  {
    title: 'Sign in',
    email: 'Email',
    password: 'Password',
    enter: 'Sign in',
    forgot: 'Forgot your password?',
    register: 'Create an account',
    refused: 'This email and password don’t go together.',
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
    again: 'Noch einmal anmelden',
    ended: 'Ihre Anmeldung ist abgelaufen. Was Sie geschrieben haben, ist noch da.',
  },
);

export default function SignIn() {
  const words = useText(signInText);
  const session = useSession();
  const navigate = useNavigate();
  const to = useRouterState({ select: (state) => (state.location.search as { to?: string }).to });
  useEffect(() => {
    // Only within the desk: an address of elsewhere has no place here.
    if (session.state === 'signed-in')
      void navigate({ href: to?.startsWith('/') === true && !to.startsWith('//') ? to : '/', replace: true });
  }, [session.state, navigate, to]);
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <img src="./icon.svg" alt="" width={40} height={40} />
        <h1 className={styles.title}>{words.title}</h1>
        <SignInForm />
        <p className={styles.links}>
          <Link to="/forgot">{words.forgot}</Link>
          <Link to="/register">{words.register}</Link>
        </p>
      </div>
    </main>
  );
}

export function SignInForm({ email: known }: { email?: string }) {
  const words = useText(signInText);
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      await signIn(email.trim(), password);
    } catch (error) {
      setFailure((error as { status?: number }).status === 401 ? words.refused : reason(error));
      setBusy(false);
    }
  };
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <TextField
        label={words.email}
        type="email"
        name="email"
        autoComplete="username"
        required
        autoFocus={known === undefined}
        readOnly={known !== undefined}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label={words.password}
        type="password"
        name="password"
        autoComplete="current-password"
        required
        autoFocus={known !== undefined}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <p role="alert" className={styles.failure}>
        {failure}
      </p>
      <Button kind="primary" type="submit" busy={isBusy}>
        {words.enter}
      </Button>
    </form>
  );
}
