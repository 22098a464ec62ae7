import { expect, it, vi } from 'vitest';
import { api, ok } from './client';
import * as session from './session';

const signedIn = (id: string) => ({
  state: 'signed-in' as const,
  user: { id } as never,
  token: id,
  expiresAt: Infinity,
});

it('asks once more with a new token, but not as somebody else', async () => {
  const fetched = vi.fn<(request: Request) => Promise<Response>>();
  vi.stubGlobal('fetch', fetched);
  fetched.mockImplementation(() => Promise.resolve(Response.json({ status: 401 }, { status: 401 })));
  const now = vi.spyOn(session, 'currentSession').mockReturnValue(signedIn('kim'));
  vi.spyOn(session, 'token').mockResolvedValue('old');
  const refresh = vi.spyOn(session, 'refresh').mockResolvedValue('new');
  const bearers = () => fetched.mock.calls.map(([request]) => request.headers.get('Authorization'));
  await expect(ok(api.GET('/api/auth/me'))).rejects.toMatchObject({ status: 401 });
  expect(bearers()).toEqual(['Bearer old', 'Bearer new']);

  fetched.mockClear();
  refresh.mockImplementation(() => {
    now.mockReturnValue(signedIn('lu'));
    return Promise.resolve('of lu');
  });
  await expect(ok(api.GET('/api/auth/me'))).rejects.toMatchObject({ status: 401 });
  expect(bearers()).toEqual(['Bearer old']);
});

it('takes an answer that breaks off for one that did not come', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('{"items": [', { status: 200 })));
  await expect(ok(api.GET('/api/auth/me'))).rejects.toMatchObject({ name: 'Problem', status: 0 });
});
