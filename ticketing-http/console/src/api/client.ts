/**
 * The one way to the API. Every call is typed by the server's own description, carries the access token, renews it once
 * where it has ended, and throws a {@link Problem}.
 */
import createClient, { type FetchResponse, type MaybeOptionalInit } from 'openapi-fetch';
import { basePath } from './base';
import { newId } from './id';
import { Problem } from './problem';
import { lost, reach } from './reach';
import type { paths } from './schema.gen';
import { currentSession, personOf, refresh, token } from './session';

async function send(request: Request): Promise<Response> {
  const copy = request.clone();
  const asker = personOf(currentSession());
  const bearer = await token();
  if (bearer !== undefined) request.headers.set('Authorization', `Bearer ${bearer}`);
  const response = await reach(request);
  if (response.status !== 401 || bearer === undefined) return response;
  const renewed = await refresh();
  // What somebody asked for is not asked again for whoever came meanwhile.
  if (renewed === undefined || personOf(currentSession()) !== asker) return response;
  copy.headers.set('Authorization', `Bearer ${renewed}`);
  return reach(copy);
}

/** The API. Wrap what it answers in {@link ok}. */
export const api = createClient<paths>({
  baseUrl: `${location.origin}${basePath()}`,
  fetch: send,
  credentials: 'same-origin',
  // Several values of a filter stand in one parameter.
  querySerializer: { array: { style: 'form', explode: false } },
});

/** What the server answered, or the problem it has. */
export async function ok<T extends Record<string | number, unknown>, O, M extends `${string}/${string}`>(
  answer: Promise<FetchResponse<T, O, M>>,
): Promise<NonNullable<FetchResponse<T, O, M>['data']>> {
  const { data, error, response } = await answer.catch(lost);
  if (response.ok) return data as NonNullable<FetchResponse<T, O, M>['data']>;
  throw Problem.from(response, error ?? {});
}

/** A file or a page that is no JSON, with the token. */
export async function download(path: string): Promise<Blob> {
  const response = await send(new Request(`${location.origin}${basePath()}/${path}`));
  if (!response.ok) throw await Problem.of(response);
  return response.blob().catch(lost);
}

/** A key that makes a POST that is sent twice happen once. */
export function once(): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': newId() };
}

/** The header of a change that is only to happen to this version. */
export function ifVersion(version: number): { 'If-Match': string } {
  return { 'If-Match': `"${version}"` };
}

export type { MaybeOptionalInit };
