import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { WELCOME_KEY } from '../../app/desk';
import { api, ok } from '../../api/client';
import { useText } from '../../text';
import { CardPage } from '../../ui/card-page';
import { useOnce } from '../../ui/use-once';
import { DeadLink, ToSignIn, isTokenRefused, useLinkToken } from './parts';
import { PersonForm, type NewPerson } from './person-form';
import { visitorText } from './text';

/** The first administrator, by the link that the server prints where there is none. */
export function Setup() {
  const words = useText(visitorText).setup;
  const token = useLinkToken();
  const queries = useQueryClient();
  const once = useOnce();
  const [isRefused, setRefused] = useState(false);
  if (token === undefined || isRefused) return <DeadLink isMissing={token === undefined} lead={words.usedLead} />;
  const make = async (person: NewPerson) => {
    try {
      const body = { token, ...person };
      await once(body, (header) => ok(api.POST('/api/auth/setup', { body, params: { header } })));
      void queries.invalidateQueries({ queryKey: WELCOME_KEY });
      return true;
    } catch (error) {
      if (!isTokenRefused(error)) throw error;
      setRefused(true);
      return false;
    }
  };
  return (
    <CardPage title={words.title} lead={words.lead} links={<ToSignIn />}>
      <PersonForm send={words.send} make={make} />
    </CardPage>
  );
}
