import { useMe } from '../../api/session';
import { useText } from '../../text';
import { Dialog } from '../../ui/dialog';
import { SignInForm, signInText } from './index';

/** Over the page of whoever's sign-in has ended: it stays as it is, with all that was written. */
export default function SignInAgain() {
  const me = useMe();
  const words = useText(signInText);
  return (
    <Dialog title={words.again} isDismissable={false} onClose={() => undefined}>
      <p>{words.ended}</p>
      <SignInForm email={me.email} />
    </Dialog>
  );
}
