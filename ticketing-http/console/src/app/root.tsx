import { Outlet, useRouter } from '@tanstack/react-router';
import { Suspense, lazy, useEffect, useState } from 'react';
import { resume, useSession } from '../api/session';
import { useKeys } from '../keys/commands';
import { defineText, useText } from '../text';
import { useLanguage } from '../text/language';
import { Button } from '../ui/button';
import { Toasts, reason } from '../ui/toast';
import styles from './root.module.css';

const text = defineText(
  { away: 'The desk can’t be reached', retry: 'Try again' },
  { away: 'Der Helpdesk ist nicht erreichbar', retry: 'Noch einmal versuchen' },
);

const SignInAgain = lazy(() => import('../screens/sign-in/again'));

/** Around every page: who is signed in, keys, messages. */
export function Root() {
  const session = useSession();
  const router = useRouter();
  const language = useLanguage();
  const words = useText(text);
  const [failure, setFailure] = useState<unknown>();
  useKeys();
  useEffect(() => {
    if (session.state === 'unknown' && failure === undefined) resume().catch(setFailure);
  }, [session.state, failure]);
  // Who may see a page is asked again when somebody came or went.
  useEffect(() => {
    if (session.state !== 'unknown') void router.invalidate();
  }, [router, session.state]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  if (session.state === 'unknown') {
    if (failure === undefined) return null;
    return (
      <main className={styles.away}>
        <h1>{words.away}</h1>
        <p>{reason(failure)}</p>
        <Button kind="primary" onClick={() => setFailure(undefined)}>
          {words.retry}
        </Button>
      </main>
    );
  }
  return (
    <>
      <Outlet />
      {session.state === 'expired' && (
        <Suspense>
          <SignInAgain />
        </Suspense>
      )}
      <Toasts />
    </>
  );
}
