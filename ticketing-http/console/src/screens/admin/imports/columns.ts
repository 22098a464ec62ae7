/**
 * What columns are called otherwise, a line each, as the API takes it; nothing where a line means nothing. A comma would part
 * two of them.
 */
export function columnsOf(text: string): string | undefined {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const pairs: string[] = [];
  for (const line of lines) {
    const at = line.lastIndexOf('=');
    const [theirs, ours] = [line.slice(0, Math.max(at, 0)).trim(), line.slice(at + 1).trim()];
    if (at < 1 || theirs === '' || line.includes(',')) return undefined;
    pairs.push(`${theirs}=${ours}`);
  }
  return pairs.join(',');
}
