import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useSession } from '../../api/session';
import { useText } from '../../text';
import { CardPage } from '../../ui/card-page';
import { SignInForm } from '../sign-in';
import { visitorText } from './text';

/** After a link: the page knows the password that was set, not whose it is. */
export function SignInSet({ password }: { password: string }) {
  const words = useText(visitorText);
  const session = useSession();
  const navigate = useNavigate();
  const token = session.state === 'signed-in' ? session.token : undefined;
  // Somebody may have been signed in here before; that one is not who signs in now.
  const before = useRef(token);
  useEffect(() => {
    if (token !== undefined && token !== before.current) void navigate({ to: '/', replace: true });
  }, [token, navigate]);
  return (
    <CardPage title={words.set.title} lead={words.set.lead}>
      <SignInForm password={password} />
    </CardPage>
  );
}
