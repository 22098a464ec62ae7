/** Domains as people list them: one a line, or with commas or spaces between, an @ before them or not. */
export function readDomains(text: string): string[] {
  const all = text
    .split(/[\s,;]+/)
    .map((domain) => domain.replace(/^@/, '').toLowerCase())
    .filter((domain) => domain !== '');
  return [...new Set(all)];
}
