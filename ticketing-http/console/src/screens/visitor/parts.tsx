import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { carriedToken, dropToken } from '../../app/link-token';
import { Problem } from '../../api/problem';
import { signIn } from '../../api/session';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { CardPage, cardFailure } from '../../ui/card-page';
import { fieldText } from '../../ui/field-words';
import type { FieldErrors } from '../../ui/field-text';
import { LEAST } from '../../ui/password-field';
import { visitorText } from './text';

/** What the link carried that led here; forgotten when the page is left. */
export function useLinkToken(): string | undefined {
  const [token] = useState(carriedToken);
  useEffect(() => dropToken, []);
  return token;
}

/** Whether the server does not take the token: nothing else of the form matters then. */
export function isTokenRefused(error: unknown): boolean {
  return error instanceof Problem && error.field('token') !== undefined;
}

/** Goes on as the person that was just made; where that fails, by the sign-in. */
export function useGoOn(): (email: string, password: string) => Promise<void> {
  const navigate = useNavigate();
  return async (email, password) => {
    const isIn = await signIn(email, password).then(
      () => true,
      () => false,
    );
    await navigate({ to: isIn ? '/' : '/sign-in', replace: true });
  };
}

/** What can be told of the usual fields before they are sent. */
export function useCheck(): (values: { name?: string; email?: string; password?: string }) => FieldErrors {
  const words = useText(fieldText);
  return ({ name, email, password }) => {
    const errors: Record<string, string> = {};
    if (name?.trim() === '') errors['name'] = words.required;
    if (email !== undefined && !/^\S+@\S+$/.test(email.trim()))
      errors['email'] = email.trim() === '' ? words.required : words.not_an_address;
    if (password !== undefined && Array.from(password).length < LEAST) errors['password'] = words.too_short;
    return errors;
  };
}

/** A link that leads nowhere, and what to do about it. */
export function DeadLink({ isMissing, lead, action }: { isMissing: boolean; lead?: string; action?: ReactNode }) {
  const words = useText(visitorText);
  return (
    <CardPage
      title={isMissing ? words.missing.title : words.used.title}
      lead={isMissing ? words.missing.lead : (lead ?? words.used.lead)}
      links={<ToSignIn />}
    >
      {action}
    </CardPage>
  );
}

export function ToSignIn() {
  const words = useText(visitorText);
  return <Link to="/sign-in">{words.signIn}</Link>;
}

/** The end of a form: what is wrong with all of it, and the button. */
export function Send({ label, isBusy, rest }: { label: string; isBusy: boolean; rest: string | undefined }) {
  return (
    <>
      <p role="alert" className={cardFailure}>
        {rest}
      </p>
      <Button kind="primary" type="submit" busy={isBusy}>
        {label}
      </Button>
    </>
  );
}
