/** What has to be asked before a change can go on. A change waits for the answer, wherever it was made. */
import { useSyncExternalStore } from 'react';
import type { Ticket } from '../../../api/types';
import type { Comparison, FieldName } from './three-way';

export type Question =
  /** Somebody else has changed the same fields. Answered by which stay mine; by nothing to give way. */
  | {
      kind: 'clash';
      ticket: Ticket;
      comparison: Comparison;
      answer: (isMine: ((field: FieldName) => boolean) | undefined) => void;
    }
  /** Tickets that are open block this one. */
  | { kind: 'blocked'; ticket: Ticket; words: string; answer: (goesOn: boolean) => void }
  /** Fields of the desk's own have to be filled in first. Answered by their values; by nothing not to. */
  | {
      kind: 'needed';
      ticket: Ticket;
      /** Their keys, and what is wrong with each. */
      errors: Readonly<Record<string, string>>;
      answer: (values: Record<string, unknown> | undefined) => void;
    };

let questions: readonly Question[] = [];
const listeners = new Set<() => void>();

function set(next: readonly Question[]): void {
  questions = next;
  for (const listener of [...listeners]) listener();
}

/** What a question of this kind is about, without how it is answered. */
type About<Q extends Question> = Omit<Q, 'answer'>;
type Answer<Q extends Question> = Parameters<Q['answer']>[0];

function ask<Q extends Question>(about: About<Q>): Promise<Answer<Q>> {
  return new Promise((resolve) => {
    const question = {
      ...about,
      answer: (answer: Answer<Q>) => {
        set(questions.filter((other) => other !== question));
        resolve(answer);
      },
    } as Q;
    set([...questions, question]);
  });
}

export function askWhose(ticket: Ticket, comparison: Comparison): Promise<((field: FieldName) => boolean) | undefined> {
  return ask<Extract<Question, { kind: 'clash' }>>({ kind: 'clash', ticket, comparison });
}

export function askWhetherBlocked(ticket: Ticket, words: string): Promise<boolean> {
  return ask<Extract<Question, { kind: 'blocked' }>>({ kind: 'blocked', ticket, words });
}

export function askForValues(
  ticket: Ticket,
  errors: Readonly<Record<string, string>>,
): Promise<Record<string, unknown> | undefined> {
  return ask<Extract<Question, { kind: 'needed' }>>({ kind: 'needed', ticket, errors });
}

/** Tickets beside which somebody can be asked. */
const attended = new Set<string>();

export function isAttended(ticketId: string): boolean {
  return attended.has(ticketId);
}

/** Somebody is there to answer, until what this answers is called: what was asked about by then is not done. */
export function attend(ticketId: string): () => void {
  attended.add(ticketId);
  return () => {
    attended.delete(ticketId);
    for (const question of questions.filter((one) => one.ticket.id === ticketId)) {
      if (question.kind === 'blocked') question.answer(false);
      else question.answer(undefined);
    }
  };
}

/** The first question about a ticket. */
export function useQuestion(ticketId: string): Question | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => questions.find((one) => one.ticket.id === ticketId),
  );
}
