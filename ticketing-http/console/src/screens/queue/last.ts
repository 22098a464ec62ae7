/** The list that one was in, to come back to it from a ticket. */
let last: Record<string, string> = {};

export function rememberList(search: Record<string, string>): void {
  last = search;
}

/** What its address says; the first list where one was in none. */
export function lastList(): Record<string, string> {
  return last;
}
