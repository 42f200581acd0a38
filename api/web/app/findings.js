// Findings about the input: notices above the numbers, and the full list.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import { defaults, findingCodes, mends } from './facts.js';
import { fold, isFolded, unfold } from './folding.js';
import * as f from './format.js';
import { button, callout, live } from './parts.js';
import { moment, period } from './shownzone.js';

const mostGaps = 50; // listed

// notices shows what a reader must know before the numbers: doubts and how to mend them, their age, and collector gaps.
// Each can be folded away, and comes back when it says something else.
export function notices(report) {
  let shown;
  const draw = (section) => {
    const list = noticeList(report);
    const open = list.filter(({ says }) => !isFolded(says));
    const folded = list.filter((one) => !open.includes(one)).map(({ says }) => says);
    const text = JSON.stringify([open.map(({ content }) => content.textContent), folded]);
    if (text === shown) return; // keeps open details open
    shown = text;
    section.hidden = !list.length;
    const change = (act, texts) => {
      act(texts);
      draw(section);
      section.querySelector('button')?.focus();
    };
    put(
      section,
      open.map(({ content, says }) => {
        content.append(
          button('link plain fold', () => change(fold, says), 'Fold away', { 'aria-label': foldLabel(content) }),
        );
        return content;
      }),
      folded.length > 0 && foldedLine(folded.length, () => change(unfold, folded)),
    );
  };
  return live(h('section', { 'aria-label': 'Notices', class: 'notices' }), draw);
}

const foldLabel = (content) => `Fold away: ${content.textContent.slice(0, 60)}`;

const foldedLine = (n, show) =>
  h('p', { class: 'folded' }, `${f.plural(n, 'notice')} folded away `, button('link plain', show, 'Show'));

// A notice has its element, and what it says, which tells it from others when it is folded: an age alone is not news.
const notice = (content, says = content.textContent) => ({ content, says });

function noticeList(report) {
  const all = report.quality?.findings ?? [];
  const findings = Object.fromEntries(all.map((one) => [one.code, one]));
  const suspectAsOf = [findingCodes.asOfInFuture, findingCodes.asOfStandsAlone]
    .filter((code) => findings[code])
    .map((code) => warning(`${findings[code].title}: ${findings[code].examples.join(', ')}.`));
  return [
    ...doubtsOf(report, all).map(([finding, mend]) => notice(doubtNotice(report, finding, mend))),
    ...ageNotices(report),
    ...suspectAsOf.map((one) => notice(one)),
    ...gapNotices(report, findings[findingCodes.collectorGaps]),
  ];
}

// doubtsOf are the findings that make the numbers doubtful, each with how to mend it. What a few stores lack hardly moves the
// numbers of many.
function doubtsOf(report, findings) {
  const place = (code) => mends.findIndex((mend) => mend.code === code);
  return findings
    .map((finding) => [finding, mends[place(finding.code)]])
    .filter(([finding, mend]) => finding.level === 'doubtful' || (mend && isWorthTelling(report, finding, mend)))
    .sort(([a], [b]) => (b.level === 'doubtful') - (a.level === 'doubtful') || place(a.code) - place(b.code));
}

const isWorthTelling = (report, { level, count }, { share = 0 }) =>
  level !== 'info' && count >= share * (report.stores ?? 0);

// doubtNotice shows its first example at once: it says what to change.
function doubtNotice(report, { level, title, count, examples = [] }, mend) {
  const [first, ...more] = examples;
  return warning(
    level === 'doubtful' ? `Doubtful: ${title}.` : `${f.count(count)} × ${title}.`,
    first && secondary(`${level === 'doubtful' ? '' : 'Such as '}${first}.`),
    mend && [` ${mend.text} `, mendLinks(report, mend)],
    more.length > 0 && exampleList(`Show ${more.length} more`, more),
  );
}

const mendLinks = (report, { rejects }) => [
  h('a', { href: '/data' }, 'Files and upload'),
  rejects &&
    report.quality.rows_rejected > 0 && [
      ' · ',
      h('a', { href: api.fileURL(report.report_id, 'rejects.csv', { excel: true }), download: true }, 'rejects.csv'),
    ],
];

function ageNotices(report) {
  const age = Date.now() - f.instant(report.as_of);
  const limit = f.lengthSeconds(report.parameters.collector_gap ?? defaults.collector_gap) * 1000;
  const requested = report.parameters.as_of;
  const end = moment(report.as_of);
  if (age > limit) {
    const more = requested
      ? `It was requested as of ${requested}.`
      : 'A new report on newer data will bring it up to date.';
    const text = `Stale: these numbers are ${f.age(age)} old. The report ends at ${end}.`;
    return [notice(callout('', 'clock', text, secondary(more)), `stale ${report.as_of}`)];
  }
  if (age < 0 && requested) {
    const text = `The report ends in the future, ${f.age(-age)} from now, at ${end}: `;
    const content = warning(
      text,
      `it was requested as of ${requested}.`,
      secondary('Values after the latest observation are extrapolated from it.'),
    );
    return [notice(content, `in the future ${report.as_of}`)];
  }
  return [];
}

function gapNotices(report, finding) {
  if (!finding) return [];
  const periods = finding.count === 1 ? 'a period' : 'periods';
  const text =
    `${f.plural(finding.count, 'collector gap')}: ${periods} in which no store was observed. ` +
    'The collector was down, not the stores; values in these gaps are interpolated.';
  const gaps = longestGaps(report, finding);
  const longest = gaps.length > 0 && secondary(`Longest: ${gaps[0]}.`);
  const summary = gaps.length < finding.count ? `Show the longest ${gaps.length}` : 'Show all';
  return [notice(warning(text, longest, gaps.length > 1 && exampleList(summary, gaps)), `${text} ${finding.examples}`)];
}

// longestGaps says from when to when and how long the collector was down, the longest first. Reports of earlier releases have
// only the examples of the finding.
function longestGaps({ collector_gaps: gaps }, finding) {
  if (!gaps) return (finding.examples ?? []).map((text) => text.replaceAll(/\.\d+Z/g, 'Z'));
  const seconds = ({ starts_at: from, ends_at: to }) => (f.instant(to) - f.instant(from)) / 1000;
  return [...gaps]
    .sort((a, b) => seconds(b) - seconds(a))
    .slice(0, mostGaps)
    .map((gap) => `${period(gap.starts_at, gap.ends_at)} (${f.length(seconds(gap))})`);
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
