// Numbers are written as the commands write them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hours, length } from '../app/format.js';

test('lengths are written as in the tables of the commands', () => {
  const cases = JSON.parse(
    readFileSync(new URL('../../../analytics/params/testdata/lengths.json', import.meta.url), 'utf8'),
  );
  assert.ok(cases.length > 0);
  for (const [seconds, text] of cases) {
    assert.equal(length(seconds), text, `${seconds} s`);
    assert.equal(hours(seconds), text, `${seconds} s`);
  }
});
