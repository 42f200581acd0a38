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

// storeTargets is what a card says of the targets of all stores. The fleet has no target and no verdict of its own: its uptime
// stands beside the target that holds for every store, or else beside the range of targets. It is null for reports of
// earlier releases and without targets.
export function storeTargets(report, w, link) {
  const found = report.targets?.find((t) => t.time_window === w.time_window);
  if (!found?.stores) return null;
  const { least_target: least, greatest_target: greatest, stores } = found;
  const whose = stores === report.stores ? 'each store' : f.plural(stores, 'store');
  const isOne = least === greatest;
  const points = isOne && stores === report.stores && w.uptime_ratio !== null && w.uptime_ratio * 100 - least;
  const counts = Object.entries(verdicts).filter(([name]) => found[name] > 0);
  return [
    h(
      'p',
      { class: 'sub bounds' },
      term('target'),
      ` of ${whose} ${isOne ? least : `${least} to ${greatest}`} %`,
      points !== false && `: uptime ${Math.abs(points).toFixed(2)} points ${points < 0 ? 'below' : 'above'} it`,
    ),
    h(
      'p',
      { class: 'sub bounds' },
      'stores: ',
      counts.map(([name, { text, colour }], i) => [
        i > 0 && ', ',
        h(
          'a',
          { class: `text-nowrap ${colour ?? ''}`.trim(), href: verdictLink(found, name, link) },
          `${f.count(found[name])} ${text.toLowerCase()}`,
        ),
      ]),
    ),
  ];
}

// verdictLink leads to the stores with a verdict, those that are furthest over their budget first.
const verdictLink = (t, name, link) => {
  const verdict = name.replace(/^stores_(verdict_)?/, '');
  return link({ window: t.time_window, verdict, sort: 'budget_left_seconds', order: 'asc' });
};

// withoutVerdict is how many stores with a target had no open time.
const withoutVerdict = (t) => t.stores - Object.keys(verdicts).reduce((sum, name) => sum + t[name], 0);

// targetTable counts the stores by verdict, with links to them; it is null without targets.
function targetTable({ targets, link }) {
  if (!targets?.length) return null;
  const hasNone = targets.some((t) => withoutVerdict(t) > 0);
  const headings = [
    'Window',
    ...Object.values(verdicts).map(({ text, word }) => numeric(term(text, word))),
    ...(hasNone ? [numeric('Never open')] : []),
  ];
  const lines = targets.map((t) =>
    row(
      rowHead(f.windowName(t.time_window)),
      Object.entries(verdicts).map(([name, { word, colour }]) => {
        const props = { class: `num ${t[name] && colour ? colour : ''}`.trim(), ...explanation(word) };
        const href = t[name] > 0 && verdictLink(t, name, link);
        return numberCell(h(href ? 'a' : 'span', href ? { ...props, href } : props, f.count(t[name])));
      }),
      hasNone &&
        numberCell(
          h('a', { class: 'num', href: link({ window: t.time_window, status: 'closed' }) }, f.count(withoutVerdict(t))),
        ),
    ),
  );
  return [
    responsive(stacked(table(headings, lines, { extra: 'mb-0' }))),
    words(['Met', 'Likely met', 'Likely missed', 'Missed'], 'when-stacked'),
    h(
      'p',
      { class: 'sub mb-0' },
      'Met and missed are certain, whatever happened between the polls; “likely” goes by the uptime.',
    ),
  ];
}

// targetSection is the table under a heading of its own. targets are those of a report, or of a group, which is named.
export function targetSection({ targets, link, group }) {
  const content = targetTable({ targets, link });
  const title = h('h2', {}, 'Stores by their targets', group && sub(` ${group}`));
  return content && h('section', { class: 'panel', 'aria-label': 'Targets' }, title, content);
}
