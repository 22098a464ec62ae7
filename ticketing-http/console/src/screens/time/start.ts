/** Starting the timer for a ticket, from wherever one is: where it runs for another already, that is asked about. */
import { useQueryClient } from '@tanstack/react-query';
import { say } from '../../text';
import { toast, toastError } from '../../ui/toast';
import { askTime, type TicketName } from './open';
import { timerText } from './text';
import { isTimerRunning, TIMER_KEY, useTimerChange, type Timer } from './timer';

export function useStart(): (ticket: TicketName) => void {
  const queries = useQueryClient();
  const { start } = useTimerChange();
  return ({ id, ticket_number, subject }) => {
    const ticket = { id, ticket_number, subject };
    if (start.isPending) return;
    if (queries.getQueryData<Timer | null>(TIMER_KEY) != null) {
      askTime({ kind: 'switch', ticket });
      return;
    }
    start.mutate(
      { ticket: id },
      {
        onSuccess: () => void toast(say(timerText).started(ticket_number)),
        onError: (error) => {
          // It was started elsewhere meanwhile.
          if (isTimerRunning(error)) askTime({ kind: 'switch', ticket });
          else toastError(error);
        },
      },
    );
  };
}
