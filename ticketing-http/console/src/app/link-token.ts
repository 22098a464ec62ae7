/**
 * What a link of a mail carries. It leaves the address before anything is shown, so neither history nor a picture of the
 * screen has it, and lives in this page's memory until the page is left.
 */
let carried: string | undefined;

export function carryToken(token: string): void {
  carried = token;
}

export function carriedToken(): string | undefined {
  return carried;
}

export function dropToken(): void {
  carried = undefined;
}
