// What became of the targets of stores: how many met theirs, by window.
import { h } from './dom.js';
import { verdicts as names } from './facts.js';
import * as f from './format.js';
import { sub } from './parts.js';
import { numberCell, numeric, responsive, row, rowHead, stacked, table } from './tables.js';
import { explanation, term, words } from './words.js';

// The word is that of the glossary.
const verdicts = {
  stores_met: { text: 'Met', word: 'met' },
  stores_likely_met: { text: 'Likely met', word: 'likely met' },
  stores_likely_missed: { text: 'Likely missed', word: 'likely missed' },
  stores_missed: { text: 'Missed', word: 'missed', colour: 'text-down' },
  stores_verdict_unknown: { text: 'Unknown', word: 'verdict unknown', colour: 'text-unknown' },
};

const describe = (name) => verdicts[`stores_${name === 'unknown' ? 'verdict_unknown' : name}`];

// verdictNames are pairs of a verdict and its text, worst first.
export const verdictNames = names.toReversed().map((name) => [name, describe(name).text]);

// verdict is the text of the verdict of a store or group, empty for none.
export function verdict(name) {
  if (!name) return '';
  const { text, word, colour } = describe(name);
  return h('span', { class: colour, ...explanation(word) }, text);
}

export const verdictWord = (name) => describe(name).word;

// verdictTerm is a verdict that explains itself.
export function verdictTerm(name) {
  const { text, word, colour } = describe(name);
  return h('span', { class: colour }, term(text, word));
}

// targetTable counts the stores by verdict, with links to them; it is null without targets.
function targetTable({ targets, link }) {
  if (!targets?.length) return null;
  const headings = ['Window', ...Object.values(verdicts).map(({ text, word }) => numeric(term(text, word)))];
  const lines = targets.map((t) =>
    row(
      rowHead(f.windowName(t.time_window)),
      Object.entries(verdicts).map(([name, { word, colour }]) => {
        const props = { class: `num ${t[name] && colour ? colour : ''}`.trim(), ...explanation(word) };
        const verdict = name.replace(/^stores_(verdict_)?/, '');
        const href = t[name] > 0 && link({ window: t.time_window, verdict, sort: 'budget_left_seconds', order: 'asc' });
        return numberCell(h(href ? 'a' : 'span', href ? { ...props, href } : props, f.count(t[name])));
      }),
    ),
  );
  return [
    responsive(stacked(table(headings, lines, { extra: 'mb-0' }))),
    words(['Met', 'Likely met', 'Likely missed', 'Missed'], 'when-stacked'),
  ];
}

// targetSection is the table under a heading of its own. targets are those of a report, or of a group, which is named.
export function targetSection({ targets, link, group }) {
  const content = targetTable({ targets, link });
  const title = h('h2', {}, 'Stores by their targets', group && sub(` ${group}`));
  return content && h('section', { class: 'panel', 'aria-label': 'Targets' }, title, content);
}
