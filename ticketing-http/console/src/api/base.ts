/** The address of something of this desk, wherever the desk is nested. */
export function atBase(path: string): string {
  return new URL(path, document.baseURI).href;
}

/** The path that the desk is nested at: empty, or such as `/support`. */
export function basePath(): string {
  return new URL(document.baseURI).pathname.replace(/\/+$/, '');
}
