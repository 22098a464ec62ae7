import type { components } from './schema.gen';

type Body = components['schemas']['Problem'];

/** What the server says is wrong (RFC 9457); status 0 where it can't be reached. */
export class Problem extends Error {
  readonly status: number;
  readonly body: Partial<Body>;
  /** In how many seconds to ask again, where the server says so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: Partial<Body>, retryAfter?: number) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.name = 'Problem';
    this.status = status;
    this.body = body;
    this.retryAfter = retryAfter;
  }

  static async of(response: Response): Promise<Problem> {
    const body = (await response.json().catch(() => ({}))) as Partial<Body>;
    return Problem.from(response, body);
  }

  static from(response: Response, body: Partial<Body>): Problem {
    const wait = Number(response.headers.get('Retry-After') ?? '');
    return new Problem(response.status, body, Number.isFinite(wait) && wait > 0 ? wait : undefined);
  }

  /** The short name of what is wrong, such as `stale`. */
  get code(): string {
    return (this.body.type ?? '').split(/[/:#]/).at(-1) ?? '';
  }

  /** What is wrong with a field, if anything. */
  field(name: string): string | undefined {
    return this.body.errors?.find((error) => error.field === name)?.message;
  }

  /** The fields that something is wrong with. */
  get fields(): string[] {
    return this.body.errors?.map((error) => error.field) ?? [];
  }

  /** Whether somebody else changed the thing in between. */
  get isStale(): boolean {
    return this.status === 412;
  }
}
