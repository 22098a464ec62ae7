/** Texts that stand one a line, and in most lists also between commas. */
export function linesOf(text: string, between: string | RegExp = /[\n,]/): string[] {
  return text
    .split(between)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
