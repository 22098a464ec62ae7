/** What case leaves of a text: the same that the server compares. */

/**
 * Full case folding, which is lower case of upper case but for the dotless i: `ß` is `ss`. One character after another,
 * since a sigma at the end of a word has a lower case of its own.
 */
export function fold(text: string): string {
  return Array.from(text.normalize('NFKC'), (one) =>
    one === 'ı' ? one : one.toLowerCase().toUpperCase().toLowerCase(),
  )
    .join('')
    .normalize('NFKC');
}
