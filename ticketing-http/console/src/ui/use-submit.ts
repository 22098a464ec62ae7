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
  const [fault, setFault] = useState<{ errors: FieldErrors; rest?: string }>({ errors: {} });
  useEffect(() => {
    if (Object.keys(fault.errors).length > 0)
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [fault]);

  const send = async () => {
    const errors = check?.() ?? {};
    setFault({ errors });
    if (Object.keys(errors).length > 0) return;
    setBusy(true);
    try {
      await work();
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
    errors: fault.errors,
    rest: fault.rest,
  };
}
