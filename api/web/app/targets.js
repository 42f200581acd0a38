// What became of the targets of stores: how many met theirs, by window.
import { h } from './dom.js';
import { verdicts as names } from './facts.js';
import * as f from './format.js';
import { numberCell, numeric, row, rowHead, stacked, table, wide } from './tables.js';

const verdicts = {
  stores_met: { text: 'Met', tip: 'whatever happened between the observations' },
  stores_likely_met: { text: 'Likely met', tip: 'by the known time; the observations leave it open' },
  stores_likely_missed: { text: 'Likely missed', tip: 'by the known time; the observations leave it open' },
  stores_missed: { text: 'Missed', tip: 'whatever happened between the observations', colour: 'text-down' },
  stores_verdict_unknown: { text: 'Unknown', tip: 'open stores with no known status', colour: 'text-unknown' },
};

const describe = (name) => verdicts[`stores_${name === 'unknown' ? 'verdict_unknown' : name}`];

// verdictNames are pairs of a verdict and its text, worst first.
export const verdictNames = names.toReversed().map((name) => [name, describe(name).text]);

// verdict is the text of the verdict of a store or group, empty for none.
export function verdict(name) {
  if (!name) return '';
  const { text, tip, colour } = describe(name);
  return h('span', { class: colour, 'data-tip': tip }, text);
}

// targetTable counts the stores of a report by verdict; it is null without targets.
function targetTable({ targets }) {
  if (!targets?.length) return null;
  const headings = ['Window', ...Object.values(verdicts).map(({ text }) => numeric(text))];
  const lines = targets.map((t) =>
    row(
      rowHead(f.windowName(t.time_window)),
      Object.entries(verdicts).map(([name, { tip, colour }]) =>
        numberCell(
          h('span', { class: `num ${t[name] && colour ? colour : ''}`.trim(), 'data-tip': tip }, f.count(t[name])),
        ),
      ),
    ),
  );
  return wide('Stores by their targets', stacked(table(headings, lines, { extra: 'mb-0' })));
}

// targetSection is the table under a heading of its own.
export function targetSection(report) {
  const content = targetTable(report);
  const title = h('h2', {}, 'Stores by their targets');
  return content && h('section', { class: 'panel', 'aria-label': 'Targets' }, title, content);
}
