/** What was asked for and is kept for a while. */
import { QueryClient } from '@tanstack/react-query';
import { Problem } from '../api/problem';
import { on } from '../api/live';
import { currentSession, onSession } from '../api/session';

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What changes is told by the socket.
      staleTime: 30_000,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: false,
      networkMode: 'always',
      retry: (count, error) => {
        if (!(error instanceof Problem)) return false;
        return count < 3 && (error.status === 0 || error.status === 429 || error.status >= 500);
      },
      retryDelay: (count, error) =>
        error instanceof Problem && error.retryAfter !== undefined ? error.retryAfter * 1000 : 500 * 2 ** count,
    },
    mutations: { networkMode: 'always' },
  },
});

/** Forgets everything when somebody else signs in, and asks anew for what is shown after a while without connection. */
export function startQueries(): void {
  let person = '';
  onSession(() => {
    const session = currentSession();
    const now = 'user' in session ? session.user.id : '';
    if (session.state === 'signed-out' || (now !== '' && person !== '' && now !== person)) queries.clear();
    person = now || person;
  });
  on('reconnected', () => void queries.invalidateQueries());
  // What belongs to a ticket may be older than the ticket itself.
  on('missed', (tickets) => {
    for (const ticket of tickets) void queries.invalidateQueries({ queryKey: ['ticket', ticket.ticket_number] });
  });
}
