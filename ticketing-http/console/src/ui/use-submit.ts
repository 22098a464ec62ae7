import { useEffect, useRef, useState, type RefObject, type SyntheticEvent } from 'react';
import { sortErrors, type FieldErrors } from './field-text';

interface Submit {
  form: RefObject<HTMLFormElement | null>;
  onSubmit: (event: SyntheticEvent) => void;
  isBusy: boolean;
  errors: FieldErrors;
  /** What is wrong with none of the fields. */
  rest: string | undefined;
}

interface Form {
  /** Fields that say themselves what is wrong with them. */
  fields: readonly string[];
  /** What can be told without the server. */
  check?: () => FieldErrors;
  work: () => Promise<unknown>;
}

/** Sends a form: once at a time, with what is wrong at its fields, the first of which gets the focus. */
export function useSubmit({ fields, check, work }: Form): Submit {
  const form = useRef<HTMLFormElement>(null);
  const [isBusy, setBusy] = useState(false);
  /** From the first try on, what the check says is shown as one types. */
  const [tries, setTries] = useState(0);
  const [fault, setFault] = useState<{ errors: FieldErrors; rest?: string }>({ errors: {} });
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [tries, fault]);

  const send = async () => {
    setFault({ errors: {} });
    setTries(tries + 1);
    if (Object.keys(check?.() ?? {}).length > 0) return;
    setBusy(true);
    try {
      await work();
      setTries(0);
    } catch (error) {
      setFault(sortErrors(error, fields));
    } finally {
      setBusy(false);
    }
  };
  return {
    form,
    onSubmit: (event) => {
      event.preventDefault();
      if (!isBusy) void send();
    },
    isBusy,
    errors: tries === 0 ? {} : { ...fault.errors, ...check?.() },
    rest: fault.rest,
  };
}
