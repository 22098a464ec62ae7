/** Asks for what has to be filled in before a ticket can be resolved. */
import { useId, useState } from 'react';
import { useCustomFields } from '../../../api/custom-fields';
import { defineText, useText } from '../../../text';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { CustomInputs } from '../../new-ticket/custom-inputs';
import { shownValue, valueOf, type FieldInput } from '../../new-ticket/draft';
import type { Question } from '../changes/questions';
import styles from './needed.module.css';

const text = defineText(
  {
    title: 'Before it is resolved',
    about: 'This is still missing from the ticket.',
    goOn: 'Fill in and resolve',
    back: 'Leave it as it is',
  },
  {
    title: 'Bevor es gelöst wird',
    about: 'Das fehlt dem Ticket noch.',
    goOn: 'Ausfüllen und lösen',
    back: 'So lassen',
  },
);

const OWN = 'custom_fields.';

export default function Needed({ question }: { question: Extract<Question, { kind: 'needed' }> }) {
  const words = useText(text);
  const form = useId();
  const missing = useCustomFields().filter((field) => question.errors[OWN + field.key] !== undefined);
  const fields = missing.map((field) => ({ ...field, is_required: true }));
  const [given, setGiven] = useState<Readonly<Record<string, FieldInput>>>({});
  const values = () => Object.fromEntries(fields.map((field) => [field.key, valueOf(field, shownValue(field, given))]));
  return (
    <Dialog
      title={words.title}
      size="medium"
      isDismissable={false}
      onClose={() => question.answer(undefined)}
      footer={
        <>
          <Button onClick={() => question.answer(undefined)}>{words.back}</Button>
          <Button kind="primary" type="submit" form={form}>
            {words.goOn}
          </Button>
        </>
      }
    >
      <p>{words.about}</p>
      <form
        id={form}
        className={styles.fields}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          question.answer(values());
        }}
      >
        <CustomInputs
          fields={fields}
          given={given}
          errors={question.errors}
          onChange={(key, value) => setGiven((now) => ({ ...now, [key]: value }))}
        />
      </form>
    </Dialog>
  );
}
