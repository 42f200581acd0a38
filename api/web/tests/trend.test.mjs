// Which earlier reports the trend draws on one axis.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partDays } from '../app/part_days.js';
import { earlierDays, together } from '../app/trend.js';

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

test('dates that a report begins or ends in are parts of a day, by the clocks of its zones', () => {
  const windows = [{ length: '1h' }, { length: '2d' }];
  const report = { as_of: '2024-11-04 22:00:00Z', parameters: { windows } };
  const parts = (zones, dates, more) => Object.fromEntries(partDays({ ...report, ...more }, dates, zones));
  const three = ['2024-11-02', '2024-11-03', '2024-11-04'];
  assert.deepEqual(parts(['America/New_York'], three), { [three[0]]: 'from 18:00', [three[2]]: 'until 17:00' });
  assert.deepEqual(parts(['UTC', 'America/New_York'], three), {
    [three[0]]: 'from 18:00 to 22:00',
    [three[2]]: 'until 17:00 to 22:00',
  });
  assert.deepEqual(parts(['UTC', 'Asia/Tokyo'], [...three, '2024-11-05']), {
    [three[0]]: 'from 22:00',
    [three[1]]: 'from 07:00 in some zones',
    [three[2]]: 'until 22:00 in some zones',
    '2024-11-05': 'until 07:00',
  });
  assert.deepEqual(parts(['UTC'], three.slice(0, 2), { as_of: '2024-11-04 00:00:00Z' }), {}, 'whole days');
  const month = { window_dates: [{ first_date: '2024-11-01' }] };
  assert.deepEqual(parts(['UTC'], ['2024-11-01', ...three], month), { [three[2]]: 'until 22:00' });
  assert.deepEqual(parts(null, three), {
    [three[0]]: 'from the start of the report',
    [three[2]]: 'until the end of the report',
  });
  const begun = { window_dates: [{ first_date: three[0] }] };
  assert.deepEqual(parts(null, three, begun), { [three[2]]: 'until the end of the report' });
});

test('earlier reports have their windows of a day beside the days of the report, each where it begins', () => {
  const fleet = (uptime_ratio) => [
    { time_window: 'hour', uptime_ratio: 1 },
    { time_window: 'd', uptime_ratio },
  ];
  const windows = [
    { name: 'hour', length: '1h' },
    { name: 'd', length: '24h' },
  ];
  const report = { as_of: '2024-11-04 22:00:00Z', parameters: { windows } };
  const points = [
    { as_of: '2024-11-02 22:00:00Z', fleet: fleet(0.5) },
    { as_of: '2024-11-03 22:00:00Z', fleet: fleet(null) },
    { as_of: '2024-11-04 22:00:00Z', fleet: fleet(0.9) },
  ];
  assert.deepEqual(earlierDays(report, points), [{ at: Date.parse('2024-11-01T22:00Z') / 1000, value: 50 }]);
  const hourly = { ...report, parameters: { windows: [windows[0]] } };
  assert.deepEqual(earlierDays(hourly, points), [], 'no window of a day');
});
