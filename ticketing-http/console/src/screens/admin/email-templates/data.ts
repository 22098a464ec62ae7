import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, ok } from '../../../api/client';
import { useAll } from '../../../api/paging';
import type { Problem } from '../../../api/problem';
import type { Schemas } from '../../../api/types';
import { useRested } from '../../../ui/use-rested';

export type MailType = Schemas['MailType'];
export type Template = Schemas['EmailTemplate'];
export type Composed = Schemas['ComposedMail'];

export const MAIL_TYPES = [
  'ticket_created',
  'ticket_assigned',
  'status_changed',
  'comment_added',
  'escalation',
  'sla_warning',
  'sla_breach',
  'invitation',
  'password_reset',
] as const satisfies MailType[];

/** Those that come with the desk. */
export const BUILT_IN_LANGUAGES = ['de', 'en', 'es', 'fr'];

/** All of them; of a mail that was reworded for many languages there are as many lines. */
export const useTemplates = () =>
  useAll('email-templates', (cursor, signal) =>
    ok(api.GET('/api/email-templates', { params: { query: { limit: 100, cursor } }, signal })),
  );

export function templateKey(type: MailType, locale: string | undefined): readonly unknown[] {
  return ['email-templates', 'one', type, locale ?? 'all'];
}

export const loadTemplate = (type: MailType, locale: string | undefined, signal?: AbortSignal) =>
  ok(
    api.GET('/api/email-templates/{type}', {
      params: { path: { type }, query: locale === undefined ? {} : { locale } },
      ...(signal ? { signal } : {}),
    }),
  );

export function useTemplate(type: MailType, locale: string | undefined) {
  return useQuery({
    queryKey: templateKey(type, locale),
    queryFn: ({ signal }) => loadTemplate(type, locale, signal),
  });
}

/** How long one has to rest before what is written is shown anew. */
const REST_MS = 500;

/** The mail as its reader would get it, with what stands in the editor. */
export function usePreview(
  type: MailType,
  texts: { subject: string; html: string; text: string },
  locale: string | undefined,
  ticket: string | undefined,
) {
  const { subject, html, text } = texts;
  const body = useRested(
    useMemo(
      () => ({ subject, html, text, locale: locale ?? null, ticket: ticket ?? null }),
      [subject, html, text, locale, ticket],
    ),
    REST_MS,
  );
  return useQuery<Composed, Problem>({
    queryKey: ['email-templates', 'preview', type, body],
    queryFn: ({ signal }) =>
      ok(api.POST('/api/email-templates/{type}/preview', { params: { path: { type } }, body, signal })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    gcTime: 10_000,
  });
}

/** The newest tickets, to choose one for a preview. */
export function useSomeTickets() {
  return useQuery({
    queryKey: ['tickets', 'for-preview'],
    queryFn: ({ signal }) => ok(api.GET('/api/tickets', { params: { query: { limit: 25 } }, signal })),
    staleTime: Infinity,
  });
}
