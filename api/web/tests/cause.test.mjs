// What the data knows of the cause of an outage: planned closures and gaps of the collector.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causeNote, gapNote, pollNote } from '../app/cause.js';
import { Clock } from '../app/clock.js';

const outage = { started_at: '2024-11-04T10:00:00Z', ended_at: '2024-11-04T12:00:00Z', open_seconds: 7200 };
const closure = (starts, ends, more) => ({ starts_at: starts, ends_at: ends, planned_seconds: 60, ...more });
const note = (...closures) => causeNote({ closures }, outage);

test('an outage touches a closure, or follows one within a day', () => {
  const before = closure('2024-11-04T06:00:00Z', '2024-11-04T07:30:00Z', { reason: 'Storm' });
  const within = closure('2024-11-04T11:00:00Z', null, { reason: 'Flood' });
  assert.equal(note(before), 'began 2 h 30 min after “Storm” ended');
  assert.equal(note(before, within), 'touches “Flood”');
  assert.equal(note(closure('2024-11-04T09:00:00Z', '2024-11-04T10:00:00Z')), 'touches a planned closure');
  assert.equal(note(closure('2024-11-02T09:00:00Z', '2024-11-03T09:00:00Z')), null);
  assert.equal(note(closure('2024-11-05T09:00:00Z', '2024-11-06T09:00:00Z')), null);
});

test('a closure in closed time is no cause', () => {
  assert.equal(note(closure('2024-11-04T11:00:00Z', '2024-11-04T11:30:00Z', { planned_seconds: 0 })), null);
  assert.equal(note(closure('2024-11-04T06:00:00Z', '2024-11-04T07:30:00Z', { planned_seconds: 0 })), null);
});

test('of an outage in gaps of the collector, the open time in them is said', () => {
  const span = (starts, ends, status = 'down') => ({ starts_at: starts, ends_at: ends, status });
  const timeline = {
    timeline: [
      span('2024-11-04T09:00:00Z', '2024-11-04T10:00:00Z', 'up'),
      span('2024-11-04T10:00:00Z', '2024-11-04T11:30:00Z'),
      span('2024-11-04T11:45:00Z', '2024-11-04T12:00:00Z'), // closed before
    ],
  };
  const findings = [{ code: 'collector_gaps' }];
  const report = (...gaps) => ({
    quality: { findings },
    collector_gaps: gaps.map(([starts_at, ends_at]) => ({ starts_at, ends_at })),
  });
  const noteOf = (...gaps) => gapNote(report(...gaps), timeline, outage);
  const gap = ['2024-11-04 08:00:00.5Z', '2024-11-04 11:00:00Z'];
  assert.equal(noteOf(gap, ['2024-11-01 00:00:00Z', '2024-11-01 05:00:00Z']), '1 h of it in a collector gap');
  assert.equal(noteOf(gap, ['2024-11-04 11:15:00Z', '2024-11-04 15:15:00Z']), '1 h 30 min of it in 2 collector gaps');
  assert.equal(noteOf(['2024-11-04 12:00:00Z', '2024-11-04 15:00:00Z']), null);
  assert.equal(noteOf(['2024-11-04 11:30:00Z', '2024-11-04 11:45:00Z']), null, 'closed');
  assert.equal(noteOf(), null);
  assert.match(gapNote({ quality: { findings } }, timeline, outage), /this report does not list them/);
  assert.equal(gapNote({ quality: { findings: [] } }, timeline, outage), null);
});

test('the polls say between which times an outage began and ended', () => {
  const clock = new Clock([{ starts_at: '2024-10-01T00:00:00Z', offset_seconds: 3600 }]);
  const polls = (...list) => ({
    evidence: list.map(([at, status]) => ({ at: `2024-11-${at}:00Z`, status: status ?? 'inactive' })),
  });
  const of = (...list) => pollNote(polls(...list), outage, clock);
  assert.equal(
    of(['04T09:30', 'active'], ['04T10:30'], ['04T13:30', 'active']),
    'active 10:30, inactive 11:30, active 14:30',
  );
  assert.equal(
    of(['02T09:30', 'active'], ['04T10:00'], ['04T11:00'], ['05T09:00', 'active'], ['05T10:00', 'active']),
    'active Sat 2 Nov 10:30, inactive 2 times, first 11:00, active Tue 5 Nov 10:00',
  );
  assert.equal(of(), 'no active one before, no inactive one, no active one since');
});
