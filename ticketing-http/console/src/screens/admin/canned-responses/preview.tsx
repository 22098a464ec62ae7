/** What a canned response says on a ticket, as whoever looks would answer. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, ok } from '../../../api/client';
import type { Schemas } from '../../../api/types';
import { useText } from '../../../text';
import { TextField } from '../../../ui/field';
import { errorAt } from '../../../ui/field-text';
import { reason } from '../../../ui/toast';
import { useRested } from '../../../ui/use-rested';
import { byGaps } from '../../ticket/replies/slash';
import { useSomeTickets } from '../email-templates/data';
import { useFilter } from '../filter';
import panels from '../panels.module.css';
import { cannedText } from './text';

interface Props {
  stored: Schemas['CannedResponse'];
  isDirty: boolean;
}

export function Preview({ stored, isDirty }: Props) {
  const words = useText(cannedText);
  const [{ ticket: asked }, change] = useFilter();
  const { data: tickets } = useSomeTickets();
  const typed = asked ?? '';
  const ticket = useRested(typed.trim() === '' ? (tickets?.items[0]?.ticket_number ?? '') : typed.trim(), 400);
  const { data, error } = useQuery({
    queryKey: ['canned-response', stored.id, 'on', ticket, stored.version],
    queryFn: ({ signal }) =>
      ok(
        api.POST('/api/canned-responses/{id}/render', {
          params: { path: { id: stored.id } },
          body: { ticket },
          signal,
        }),
      ),
    enabled: ticket !== '',
    placeholderData: keepPreviousData,
  });
  const wrong = errorAt(error, 'ticket') ?? (error === null ? undefined : reason(error));
  return (
    <>
      <TextField
        label={words.previewOf}
        hint={words.previewHint}
        error={wrong}
        list="canned-preview-tickets"
        dir="ltr"
        autoComplete="off"
        placeholder={tickets?.items[0]?.ticket_number}
        value={typed}
        onChange={(event) => change({ ticket: event.target.value || undefined })}
      />
      <datalist id="canned-preview-tickets">
        {tickets?.items.map((one) => (
          <option key={one.id} value={one.ticket_number}>
            {one.subject}
          </option>
        ))}
      </datalist>
      {isDirty && <p className={panels.small}>{words.previewSaved}</p>}
      {data !== undefined && error === null && (
        <>
          <div className={panels.code} dir="auto" tabIndex={0} role="region" aria-label={words.preview}>
            {byGaps(data.marked ?? data.content, data.missing).map((part, at) =>
              at % 2 === 1 ? <mark key={at}>{part}</mark> : part,
            )}
          </div>
          {data.missing.length > 0 && <p className={panels.small}>{words.missing(data.missing.join(', '))}</p>}
        </>
      )}
    </>
  );
}
