import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useDesk } from '../../app/desk';
import { api, ok } from '../../api/client';
import { Problem } from '../../api/problem';
import { currentSession } from '../../api/session';
import { useText } from '../../text';
import { CardPage } from '../../ui/card-page';
import { FieldProblem } from '../../ui/field-text';
import { useOnce } from '../../ui/use-once';
import { ToSignIn } from './parts';
import { PersonForm, type NewPerson } from './person-form';
import { visitorText } from './text';

export function Register() {
  const words = useText(visitorText).register;
  const desk = useDesk();
  const navigate = useNavigate();
  const once = useOnce();
  useEffect(() => {
    // Who is somebody already has nothing to make here.
    if (currentSession().state === 'signed-in') void navigate({ to: '/', replace: true });
  }, [navigate]);
  const make = async (body: NewPerson) => {
    try {
      await once(body, (header) => ok(api.POST('/api/auth/register', { body, params: { header } })));
      return true;
    } catch (error) {
      if (error instanceof Problem && error.code === 'duplicate') throw new FieldProblem({ email: words.taken });
      throw error;
    }
  };

  if (desk.isKnown && !desk.registration)
    return <CardPage title={words.closed} lead={words.closedLead} links={<ToSignIn />} />;
  return (
    <CardPage title={words.title} lead={words.lead} links={<Link to="/sign-in">{words.have}</Link>}>
      <PersonForm send={words.send} make={make} />
    </CardPage>
  );
}
