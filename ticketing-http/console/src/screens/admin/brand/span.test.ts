import { describe, expect, it } from 'vitest';
import { spanOf, textOf } from './span';

describe('spanOf', () => {
  it('takes the largest unit that says it whole', () => {
    expect(spanOf('336h')).toEqual({ count: '14', unit: 'd' });
    expect(spanOf('36h')).toEqual({ count: '36', unit: 'h' });
    expect(spanOf('1h30m')).toEqual({ count: '90', unit: 'm' });
    expect(spanOf('7200s')).toEqual({ count: '2', unit: 'h' });
  });
  it('leaves alone what it does not know', () => {
    expect(spanOf('90s')).toBeUndefined();
    expect(spanOf('soon')).toBeUndefined();
  });
});

it('comes back as the API takes it', () => {
  expect(textOf({ count: ' 14 ', unit: 'd' })).toBe('14d');
});
