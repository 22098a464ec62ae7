/** The address, where a link of a stranger may lead to it: a page or a mailbox. */
export function safeAddress(href: string | undefined): string | undefined {
  if (href === undefined) return undefined;
  try {
    const url = new URL(href);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined;
  } catch {
    // What is no whole address would lead somewhere within the desk.
    return undefined;
  }
}
