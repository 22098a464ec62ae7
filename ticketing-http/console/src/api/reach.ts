/** How the desk is asked: that it can't be reached is a problem like others. */
import { Problem } from './problem';

/** An answer that did not come, or not to its end, is a {@link Problem}; whoever gave up asking hears just that. */
export function lost(error: unknown): never {
  if (error instanceof Problem || (error instanceof DOMException && error.name === 'AbortError')) throw error;
  throw new Problem(0, {});
}

export function reach(what: RequestInfo, how?: RequestInit): Promise<Response> {
  return fetch(what, how).catch(lost);
}
