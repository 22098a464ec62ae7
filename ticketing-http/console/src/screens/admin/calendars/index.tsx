import type { AreaProps } from '../areas';
import { CalendarPage } from './calendar';
import { CalendarList } from './list';

export default function Calendars({ id }: AreaProps) {
  return id === undefined ? <CalendarList /> : <CalendarPage key={id} id={id} />;
}
