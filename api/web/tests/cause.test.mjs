// What the data knows of the cause of an outage: planned closures and gaps of the collector.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causeNote, gapNote } from '../app/cause.js';

const outage = { started_at: '2024-11-04T10:00:00Z', ended_at: '2024-11-04T12:00:00Z', open_seconds: 7200 };
const closure = (starts, ends, more) => ({ starts_at: starts, ends_at: ends, planned_seconds: 60, ...more });
const note = (...closures) => causeNote({ closures }, outage);

test('an outage touches a closure, or follows one within a day', () => {
  const before = closure('2024-11-04T06:00:00Z', '2024-11-04T07:30:00Z', { reason: 'Storm' });
  const within = closure('2024-11-04T11:00:00Z', null, { reason: 'Flood' });
  assert.equal(note(before), '2 h 30 min after “Storm”');
  assert.equal(note(before, within), 'touches “Flood”');
  assert.equal(note(closure('2024-11-04T09:00:00Z', '2024-11-04T10:00:00Z')), 'touches a planned closure');
  assert.equal(note(closure('2024-11-02T09:00:00Z', '2024-11-03T09:00:00Z')), null);
  assert.equal(note(closure('2024-11-05T09:00:00Z', '2024-11-06T09:00:00Z')), null);
});

test('a closure in closed time is no cause', () => {
  assert.equal(note(closure('2024-11-04T11:00:00Z', '2024-11-04T11:30:00Z', { planned_seconds: 0 })), null);
  assert.equal(note(closure('2024-11-04T06:00:00Z', '2024-11-04T07:30:00Z', { planned_seconds: 0 })), null);
});

test('an outage in a gap of the collector is partly assumed', () => {
  const report = (...examples) => ({
    quality: { findings: examples.length ? [{ code: 'collector_gaps', examples }] : [] },
  });
  const gap = '2024-11-04 08:00:00.5Z to 2024-11-04 11:00:00Z (3 h)';
  assert.equal(
    gapNote(report(gap, '2024-11-01 00:00:00Z to 2024-11-01 05:00:00Z (5 h)'), outage),
    'collector gap of 3 h',
  );
  const other = '2024-11-04 11:15:00Z to 2024-11-04 15:15:00Z (4 h)';
  assert.equal(gapNote(report(gap, other), outage), '2 collector gaps, 7 h in all');
  assert.equal(gapNote(report('2024-11-04 12:00:00Z to 2024-11-04 15:00:00Z (3 h)'), outage), null);
  assert.equal(gapNote(report(), outage), null);
});
