/** Asking for something: customers for themselves, staff also for others. */
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useId, useRef, useState } from 'react';
import { useTitle } from '../../app/desk';
import { api, ok } from '../../api/client';
import { useCustomFieldsOrNone } from '../../api/custom-fields';
import { useMe } from '../../api/session';
import { shown, useCommands } from '../../keys/commands';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/field';
import { fieldText } from '../../ui/field-words';
import { Skeleton } from '../../ui/skeleton';
import { toast } from '../../ui/toast';
import { sentAs } from '../../ui/use-once';
import { useSubmit } from '../../ui/use-submit';
import { mostUsed, useKnownTickets } from '../ticket/panel/known';
import { placeTicket } from '../ticket/place';
import { CustomInputs } from './custom-inputs';
import { Description } from './description';
import { EMPTY, askedFields, isEmpty, isFilled, keepDraft, readDraft, shownValue, toBody, type Draft } from './draft';
import styles from './new-ticket.module.css';
import { OpenTickets } from './open-tickets';
import { Handling, Requester } from './staff-fields';
import { newTicketText } from './text';

const SEND = 'Mod+Enter';

export default function NewTicket() {
  const words = useText(newTicketText);
  const faults = useText(fieldText);
  const me = useMe();
  const isStaff = me.role !== 'customer';
  const queries = useQueryClient();
  const router = useRouter();
  const tickets = useKnownTickets();
  const categories = useId();
  const [offered, setOffered] = useState<readonly string[]>([]);
  const [draft, setDraft] = useState(() => readDraft(me.id));
  useTitle(words.title);
  /** What is written by now, for what began a while ago. */
  const now = useRef(draft);
  const isHere = useRef(false);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);

  const put = (next: Draft) => {
    now.current = next;
    setDraft(next);
    keepDraft(me.id, next);
  };
  const change = (part: Partial<Draft>) => put({ ...draft, ...part });
  const known = useCustomFieldsOrNone();
  const fields = known && askedFields(known, draft, isStaff);
  const custom = fields ?? [];

  const { form, onSubmit, isBusy, errors, rest } = useSubmit({
    fields: [
      ...['subject', 'description', 'category', 'customer_id', 'customer', 'customer.email', 'customer.name'],
      ...['team_id', 'assigned_agent_id', 'priority', 'tags', ...custom.map((field) => `custom_fields.${field.key}`)],
    ],
    check: () => {
      const missing: string[] = [];
      if (draft.subject.trim() === '') missing.push('subject');
      if (draft.description.trim() === '') missing.push('description');
      if (isStaff && draft.isNewPerson) {
        if (draft.newEmail.trim() === '') missing.push('customer.email');
        if (draft.newName.trim() === '') missing.push('customer.name');
      }
      for (const field of custom)
        if (field.is_required && !isFilled(shownValue(field, draft.fields))) missing.push(`custom_fields.${field.key}`);
      return Object.fromEntries(missing.map((name) => [name, faults.required]));
    },
    work: async () => {
      const body = toBody(draft, custom, isStaff);
      const sent = sentAs(draft.sent, body);
      const from = router.latestLocation.pathname;
      change({ sent });
      const ticket = await ok(api.POST('/api/tickets', { body, params: { header: sent.header } }));
      // What was written meanwhile is not in that ticket: it stays, and whoever writes or went elsewhere is left alone.
      const left = isHere.current ? now.current : readDraft(me.id);
      const isAsSent = JSON.stringify(toBody(left, askedFields(known ?? [], left, isStaff), isStaff)) === sent.content;
      if (isAsSent) put(EMPTY);
      const open = () => router.navigate({ to: '/tickets/$ticket', params: { ticket: ticket.ticket_number } });
      // Where one goes may still be loading.
      if (!isAsSent || !isHere.current || router.latestLocation.pathname !== from) {
        toast(words.created(ticket.ticket_number), { action: { label: words.open, run: () => void open() } });
        return;
      }
      placeTicket(queries, ticket);
      toast(words.created(ticket.ticket_number));
      await open();
    },
  });
  const discard = () => {
    const old = draft;
    put(EMPTY);
    toast(words.discarded, { action: { label: words.undo, run: () => put(old) } });
  };
  useCommands([
    {
      id: 'new-ticket.send',
      group: words.group,
      title: isStaff ? words.send : words.sendMine,
      keys: [SEND],
      inInputs: true,
      run: () => form.current?.requestSubmit(),
    },
  ]);

  const asker = isStaff ? (draft.isNewPerson ? undefined : (draft.requester ?? undefined)) : { id: me.id };
  return (
    <div className={styles.page} data-staff={isStaff || undefined}>
      <form ref={form} className={styles.form} noValidate onSubmit={onSubmit}>
        <h1 className={styles.title}>{words.title}</h1>
        {isStaff && <Requester draft={draft} errors={errors} onChange={change} />}
        <TextField
          label={words.subject}
          name="subject"
          hint={words.subjectHint}
          autoFocus={!isStaff}
          aria-required
          maxLength={255}
          value={draft.subject}
          error={errors['subject']}
          onChange={(event) => change({ subject: event.target.value })}
        />
        <Description
          value={draft.description}
          error={errors['description']}
          onChange={(description) => change({ description })}
        />
        <div className={styles.grid}>
          <TextField
            label={`${words.category} (${words.optional})`}
            name="category"
            list={categories}
            autoComplete="off"
            maxLength={100}
            value={draft.category}
            error={errors['category']}
            onFocus={() => setOffered(mostUsed(tickets().flatMap((ticket) => ticket.category ?? [])).slice(0, 50))}
            onChange={(event) => change({ category: event.target.value })}
          />
          <datalist id={categories}>
            {offered.map((category) => (
              <option key={category} value={category} />
            ))}
          </datalist>
          {isStaff && <Handling draft={draft} errors={errors} onChange={change} />}
          {fields === undefined ? (
            <Skeleton lines={2} height="2rem" />
          ) : (
            <CustomInputs
              fields={fields}
              given={draft.fields}
              errors={errors}
              onChange={(key, value) => change({ fields: { ...draft.fields, [key]: value } })}
            />
          )}
        </div>
        <p role="alert" className={styles.error}>
          {rest}
        </p>
        <div className={styles.foot}>
          <Button kind="primary" type="submit" busy={isBusy} disabled={fields === undefined}>
            {isStaff ? words.send : words.sendMine}
            <kbd className={styles.keys}>{shown(SEND).join('')}</kbd>
          </Button>
          {!isEmpty(draft) && (
            <>
              <Button kind="quiet" onClick={discard}>
                {words.discard}
              </Button>
              <span className={styles.quiet}>{words.kept}</span>
            </>
          )}
        </div>
      </form>
      {asker !== undefined && (
        <OpenTickets customerId={asker.id} name={isStaff ? draft.requester?.name : undefined} subject={draft.subject} />
      )}
    </div>
  );
}
