import { expect, it } from 'vitest';
import { joined } from './sla-story';

it('joins stretches that follow one another for the same reason, and no others', () => {
  const told = joined([
    { from: '1', to: '2', reason: 'counted' },
    { from: '2', to: '3', reason: 'closed' },
    { from: '3', to: '4', reason: 'closed' },
    { from: '4', to: '5', reason: 'closed', holidays: ['Easter Monday'] },
    { from: '6', to: '7', reason: 'paused', status: 'pending' },
    { from: '7', to: '8', reason: 'paused', status: 'on_hold' },
  ]);
  expect(told.map(({ from, to }) => `${from}-${to}`)).toEqual(['1-2', '2-4', '4-5', '6-7', '7-8']);
});
