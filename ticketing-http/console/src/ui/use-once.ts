/** What is to happen once, however often somebody presses the button because no answer came. */
import { useState } from 'react';
import { once } from '../api/client';
import { Problem } from '../api/problem';

export type Once = ReturnType<typeof once>;

/** What was sent, and under which key. */
export interface Sent {
  header: Once;
  content: string;
}

/** The same content goes out under the key that it went out under before; what was changed since is something else. */
export function sentAs(before: Sent | undefined, content: unknown): Sent {
  const text = JSON.stringify(content);
  return before?.content === text ? before : { header: once(), content: text };
}

/** Whether it was done by a try before, the answer to which is not told twice. */
export const isDoneBefore = (error: unknown) => error instanceof Problem && error.code === 'not_repeatable';

/** Sends this content under its key until it is done; to do the same again after that is meant. Who asks for it while it is on
 * its way, as a key that is held does before the page shows that, gets the same answer. */
export function makeOnce() {
  let sent: Sent | undefined;
  let underway: { header: Once; answer: Promise<unknown> } | undefined;
  const deliver = async <T>(header: Once, send: (header: Once) => Promise<T>): Promise<T> => {
    const forget = () => {
      if (sent?.header === header) sent = undefined;
    };
    try {
      const done = await send(header);
      forget();
      return done;
    } catch (error) {
      if (isDoneBefore(error)) forget();
      throw error;
    } finally {
      if (underway?.header === header) underway = undefined;
    }
  };
  return <T>(content: unknown, send: (header: Once) => Promise<T>): Promise<T> => {
    sent = sentAs(sent, content);
    const { header } = sent;
    if (underway?.header === header) return underway.answer as Promise<T>;
    const answer = deliver(header, send);
    underway = { header, answer };
    return answer;
  };
}

export function useOnce(): ReturnType<typeof makeOnce> {
  return useState(makeOnce)[0];
}
