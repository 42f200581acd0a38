// The measures of a store, by window, with its targets.
import * as api from './api.js';
import { h } from './dom.js';
import * as f from './format.js';
import { hasPlanned, lengthOf, ratio, splitBar, value } from './measures.js';
import { cell, cellOf, numberCell, numeric, row, rowHead, stacked, table, wide } from './tables.js';
import { verdict, verdictWord } from './targets.js';
import { term, words } from './words.js';

const measureHeadings = (isPlanned, hasTargets) => [
  'Window',
  numeric(term('Uptime')),
  ...(hasTargets ? [{ text: term('Target') }] : []),
  { hidden: 'Share of open time', class: 'wide' },
  ...['Up', 'Down', 'Unknown', 'Open'].map((text) => numeric(term(text))),
  ...(isPlanned ? [numeric(term('Planned'))] : []),
  ...['Up at least', 'Up at most'].map((text) => numeric(term(text))),
  ...['Covered', 'Observations', 'Outages', 'Longest'].map((text) => numeric(term(text))),
];

// storeMeasures is a table with a row per window.
export function storeMeasures(store, report) {
  const isPlanned = hasPlanned(store.windows);
  const hasTargets = store.windows.some((m) => m.target !== null);
  const lines = store.windows.map((m) => {
    const planned = isPlanned ? [m.planned_seconds] : [];
    const seconds = [m.uptime_seconds, m.downtime_seconds, m.unknown_seconds, m.open_seconds, ...planned];
    const storesOfWindow = `${api.reportPath(report.report_id)}/stores?window=${m.time_window}`;
    return row(
      rowHead(h('a', { href: storesOfWindow }, f.windowName(m.time_window))),
      numberCell(m.open_seconds ? ratio(m.uptime_ratio) : ''),
      hasTargets && cell(m.target === null ? '' : [`${m.target} % `, verdict(m.verdict)]),
      cellOf('wide', splitBar(m)),
      [...seconds, m.uptime_min_seconds, m.uptime_max_seconds].map((n) => numberCell(lengthOf(n))),
      numberCell(m.open_seconds ? coverage(m, report.parameters.fresh_within) : ''),
      [m.observations, m.outages].map((n) => cellOf('text-end num', f.count(n))),
      numberCell(lengthOf(m.longest_outage_seconds)),
    );
  });
  return h(
    'section',
    { class: 'panel', 'aria-label': 'Measures' },
    wide(
      'Measures of the store',
      stacked(table(measureHeadings(isPlanned, hasTargets), lines, { extra: 'measures mb-0' })),
    ),
    words(
      ['Unknown', 'Up at least', 'Covered', ...(isPlanned ? ['Planned'] : []), ...verdictsOf(store)],
      'when-stacked',
    ),
    store.windows.some((m) => m.uptime_seconds < m.uptime_min_seconds) && boundsNote(report.parameters.max_gap),
  );
}

// verdictsOf are the words for the verdicts of a store.
const verdictsOf = ({ windows }) => [
  ...new Set(
    windows
      .map((m) => m.verdict)
      .filter(Boolean)
      .map(verdictWord),
  ),
];

function coverage(m, freshWithin) {
  const exact = `${f.exactSeconds(m.covered_seconds)} within ${freshWithin} of an observation`;
  return value(f.percent(m.covered_seconds / m.open_seconds, 1), exact, { class: 'num' });
}

// boundsNote explains how “Up” can be less than “Up at least”.
function boundsNote(maxGap) {
  const distance = maxGap ? `, here time more than ${maxGap} from the observation that would give it its status` : '';
  const text =
    '“Up at least” treats the time between two active observations as certain. ' +
    `“Up” is less if part of that time counts as unknown${distance}.`;
  return h('p', { class: 'sub mb-0 mt-2' }, text);
}
