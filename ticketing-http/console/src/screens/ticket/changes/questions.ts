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
  | { kind: 'blocked'; ticket: Ticket; words: string; answer: (goesOn: boolean) => void };

let questions: readonly Question[] = [];
const listeners = new Set<() => void>();

function set(next: readonly Question[]): void {
  questions = next;
  for (const listener of [...listeners]) listener();
}

export function askWhose(ticket: Ticket, comparison: Comparison): Promise<((field: FieldName) => boolean) | undefined> {
  return new Promise((resolve) => {
    const question: Question = {
      kind: 'clash',
      ticket,
      comparison,
      answer: (isMine) => {
        set(questions.filter((other) => other !== question));
        resolve(isMine);
      },
    };
    set([...questions, question]);
  });
}

export function askWhetherBlocked(ticket: Ticket, words: string): Promise<boolean> {
  return new Promise((resolve) => {
    const question: Question = {
      kind: 'blocked',
      ticket,
      words,
      answer: (goesOn) => {
        set(questions.filter((other) => other !== question));
        resolve(goesOn);
      },
    };
    set([...questions, question]);
  });
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
      if (question.kind === 'clash') question.answer(undefined);
      else question.answer(false);
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
