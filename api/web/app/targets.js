// What became of the targets of stores: how many met theirs, by window.
import { h } from './dom.js';
import { verdicts as names } from './facts.js';
import * as f from './format.js';
import { sub } from './parts.js';
import { numberCell, numeric, responsive, row, rowHead, stacked, table } from './tables.js';

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

// targetTable counts the stores by verdict, with links to them; it is null without targets.
function targetTable({ targets, link }) {
  if (!targets?.length) return null;
  const headings = ['Window', ...Object.values(verdicts).map(({ text }) => numeric(text))];
  const lines = targets.map((t) =>
    row(
      rowHead(f.windowName(t.time_window)),
      Object.entries(verdicts).map(([name, { tip, colour }]) => {
        const props = { class: `num ${t[name] && colour ? colour : ''}`.trim(), 'data-tip': tip };
        const verdict = name.replace(/^stores_(verdict_)?/, '');
        const href = t[name] > 0 && link({ window: t.time_window, verdict, sort: 'budget_left_seconds', order: 'asc' });
        return numberCell(h(href ? 'a' : 'span', href ? { ...props, href } : props, f.count(t[name])));
      }),
    ),
  );
  return responsive(stacked(table(headings, lines, { extra: 'mb-0' })));
}

// targetSection is the table under a heading of its own. targets are those of a report, or of a group, which is named.
export function targetSection({ targets, link, group }) {
  const content = targetTable({ targets, link });
  const title = h('h2', {}, 'Stores by their targets', group && sub(` ${group}`));
  return content && h('section', { class: 'panel', 'aria-label': 'Targets' }, title, content);
}
