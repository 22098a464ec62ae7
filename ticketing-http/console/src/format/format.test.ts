import { expect, it, vi } from 'vitest';
import * as session from '../api/session';
import { isoDate } from '.';

it('says on which day something was where the reader is', () => {
  const at = '2026-11-28T23:30:00Z';
  const zone = vi.spyOn(session, 'currentSession');
  const inZone = (time_zone: string) => {
    zone.mockReturnValue({ state: 'signed-in', user: { time_zone, locale: 'de-AT' } } as never);
    return isoDate(at);
  };
  expect(inZone('UTC')).toBe('2026-11-28');
  expect(inZone('Europe/Vienna')).toBe('2026-11-29');
});
