import { useState } from 'react';
import { useText } from '../../text';
import { cardForm } from '../../ui/card-page';
import { TextField } from '../../ui/field';
import { PasswordField } from '../../ui/password-field';
import { useSubmit } from '../../ui/use-submit';
import { Send, useCheck, useGoOn } from './parts';
import { visitorText } from './text';

export interface NewPerson {
  name: string;
  email: string;
  password: string;
}

interface Props {
  send: string;
  /** Makes the person; where it says no, nobody goes on. */
  make: (person: NewPerson) => Promise<boolean>;
}

/** Who somebody is who has no account yet; once there is one, they go on as that. */
export function PersonForm({ send, make }: Props) {
  const words = useText(visitorText);
  const check = useCheck();
  const goOn = useGoOn();
  const [person, setPerson] = useState<NewPerson>({ name: '', email: '', password: '' });
  const set = (part: Partial<NewPerson>) => setPerson((old) => ({ ...old, ...part }));
  const { form, onSubmit, isBusy, errors, rest } = useSubmit({
    fields: ['name', 'email', 'password'],
    check: () => check(person),
    work: async () => {
      const made = { ...person, name: person.name.trim(), email: person.email.trim() };
      if (await make(made)) await goOn(made.email, made.password);
    },
  });
  return (
    <form ref={form} className={cardForm} noValidate onSubmit={onSubmit}>
      <TextField
        label={words.name}
        name="name"
        autoComplete="name"
        autoFocus
        maxLength={200}
        value={person.name}
        error={errors['name']}
        onChange={(event) => set({ name: event.target.value })}
      />
      <TextField
        label={words.email}
        type="email"
        name="email"
        autoComplete="username"
        value={person.email}
        error={errors['email']}
        onChange={(event) => set({ email: event.target.value })}
      />
      <PasswordField
        label={words.password}
        name="password"
        isNew
        value={person.password}
        error={errors['password']}
        onChange={(event) => set({ password: event.target.value })}
      />
      <Send label={send} isBusy={isBusy} rest={rest} />
    </form>
  );
}
