/** Moments as the browser's own fields have them: of this machine's zone, to the minute. */

/** `2026-11-28T04:20`. */
export function toLocal(at: string | Date): string {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return '';
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** The moment in UTC, as the API has it; undefined where nothing whole is written. */
export function fromLocal(text: string): string | undefined {
  if (text === '') return undefined;
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}
