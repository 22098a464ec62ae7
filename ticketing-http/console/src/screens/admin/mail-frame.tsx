import styles from './mail-frame.module.css';

/** A mail as its reader sees it. Nothing in it runs, nothing is loaded, and it can't reach out of its frame. */
export function MailFrame({ html, title }: { html: string; title: string }) {
  return (
    <iframe className={styles.frame} sandbox="" srcDoc={locked(html)} title={title} referrerPolicy="no-referrer" />
  );
}

/** The same, with a policy before all else that lets nothing load but what stands in the mail itself. */
export function locked(html: string): string {
  const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`;
  const doctype = /^\s*<!doctype[^>]*>/i.exec(html)?.[0] ?? '<!DOCTYPE html>';
  return `${doctype}${policy}${html.slice(/^\s*<!doctype[^>]*>/i.exec(html)?.[0].length ?? 0)}`;
}
