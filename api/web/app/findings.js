// Findings about the input: notices above the numbers, and the full list.
import { h, icon, put } from './dom.js';
import { defaults, findingCodes } from './facts.js';
import * as f from './format.js';
import { callout, live } from './parts.js';

// notices shows what a reader must know before the numbers: doubts, their age, and collector gaps.
export function notices(report) {
  let shown;
  return live(h('section', { 'aria-label': 'Notices', class: 'notices' }), (section) => {
    const list = noticeList(report);
    const text = list.map((one) => one.textContent).join();
    if (text === shown) return; // keeps open details open
    shown = text;
    section.hidden = !list.length;
    put(section, list);
  });
}

function noticeList(report) {
  const all = report.quality?.findings ?? [];
  const findings = Object.fromEntries(all.map((one) => [one.code, one]));
  const suspectAsOf = [findingCodes.asOfInFuture, findingCodes.asOfStandsAlone]
    .filter((code) => findings[code])
    .map((code) => warning(`${findings[code].title}: ${findings[code].examples.join(', ')}.`));
  const doubts = all.filter((one) => one.level === 'doubtful').map(doubtNotice);
  return [...doubts, ...ageNotices(report), ...suspectAsOf, ...gapNotices(findings[findingCodes.collectorGaps])];
}

// doubtNotice shows its first example at once: it says what to change.
function doubtNotice({ title, examples }) {
  const [first, ...more] = examples;
  return warning(
    `Doubtful: ${title}.`,
    secondary(`${first}.`),
    more.length > 0 && exampleList(`Show ${more.length} more`, more),
  );
}

function ageNotices(report) {
  const age = Date.now() - f.instant(report.as_of);
  const limit = f.lengthSeconds(report.parameters.collector_gap ?? defaults.collector_gap) * 1000;
  const requested = report.parameters.as_of;
  const end = f.utc(report.as_of);
  if (age > limit) {
    const more = requested
      ? `It was requested as of ${requested}.`
      : 'A new report on newer data will bring it up to date.';
    return [
      callout('', 'clock', `Stale: these numbers are ${f.age(age)} old. The report ends at ${end}.`, secondary(more)),
    ];
  }
  if (age < 0 && requested) {
    const text = `The report ends in the future, ${f.age(-age)} from now, at ${end}: `;
    return [
      warning(
        text,
        `it was requested as of ${requested}.`,
        secondary('Values after the latest observation are extrapolated from it.'),
      ),
    ];
  }
  return [];
}

function gapNotices(gaps) {
  if (!gaps) return [];
  const examples = gaps.examples ?? [];
  const periods = gaps.count === 1 ? 'a period' : 'periods';
  const text =
    `${f.plural(gaps.count, 'collector gap')}: ${periods} in which no store was observed. ` +
    'The collector was down, not the stores; values in these gaps are interpolated.';
  const longest = examples.length > 0 && secondary(`Longest: ${examples[0].replaceAll(/\.\d+Z/g, 'Z')}.`);
  const summary = examples.length < gaps.count ? `Show the longest ${examples.length}` : 'Show all';
  return [warning(text, longest, examples.length > 1 && exampleList(summary, examples))];
}

const warning = (...content) => callout('', 'triangle-exclamation', content);
const secondary = (text) => h('span', { class: 'text-body-secondary' }, ` ${text}`);

function exampleList(summary, examples) {
  const items = examples.map((one) => h('li', {}, one));
  return h('details', {}, h('summary', {}, summary), h('ul', { class: 'examples' }, items));
}

// findingList shows every finding with its count and examples.
export function findingList(findings) {
  if (!findings?.length) {
    const text = ' No findings: no rows were rejected, repeated or in conflict.';
    return h('p', { class: 'text-body-secondary' }, icon('circle-check'), text);
  }
  return h('ul', { class: 'findings' }, findings.map(finding));
}

function finding({ level, code, count, title, examples = [] }) {
  const times = !code.startsWith('as_of') && [h('span', { class: 'num fw-semibold' }, f.count(count)), ' × '];
  const summary = examples.length < count ? `${examples.length} examples` : 'examples';
  return h(
    'li',
    { class: level },
    icon(level === 'info' ? 'circle-info' : 'triangle-exclamation'),
    h(
      'div',
      {},
      times,
      title,
      h('span', { class: 'visually-hidden' }, ` (${level})`),
      examples.length > 0 && exampleList(summary, examples),
    ),
  );
}
