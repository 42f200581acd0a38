// Which earlier reports the trend draws on one axis.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { together } from '../app/trend.js';

const on = (...dates) => dates.map((as_of) => ({ as_of: `${as_of}:00Z` }));

test('an outlier does not stretch the axis, and a usual pause does not break it', () => {
  const daily = on('2024-11-01 22:00', '2024-11-02 22:00', '2024-11-04 22:00', '2024-11-05 22:00');
  assert.deepEqual(together(daily), daily);
  assert.deepEqual(together([...on('2019-01-01 00:00'), ...daily]), daily);
  const ahead = on('2031-01-01 00:00');
  assert.deepEqual(together([...daily, ...ahead]), ahead, 'the report shown is ahead: the others are far from it');
  const monthly = on('2024-07-31 22:00', '2024-08-31 22:00', '2024-09-30 22:00', '2024-11-30 22:00');
  assert.deepEqual(together(monthly), monthly);
  assert.deepEqual(together([]), []);
});
