// Why a store is or was down, as far as the data says: planned closures in or before the outage, gaps of the collector, and
// the polls that show it.
import { h } from './dom.js';
import * as f from './format.js';
import { findingCodes } from './facts.js';
import { endOf, untilText } from './hours.js';
import { callout } from './parts.js';

const mostGaps = 5; // listed
const near = 24 * 3600e3; // milliseconds between a closure and an outage after it

// causeOf is null unless the store is down when it was last open. A part of a timeline lacks polls, and that of other files than
// those of the report may lack the outage.
export function causeOf(timeline, clock, report) {
  const outage = timeline.outages.at(-1);
  if (!outage?.ongoing || !hasCauses(timeline)) return null;
  const certain = certainSeconds(timeline, outage);
  const gaps = gapsIn(report, timeline, outage);
  const shownGaps = gaps.slice(-mostGaps);
  return callout(
    'mb-3 cause',
    'circle-info',
    `Down since ${clock.time(f.instant(outage.started_at))}, for ${f.length(outage.open_seconds)} of open time`,
    certain < outage.open_seconds &&
      (certain > 0
        ? `, of which the polls alone prove ${f.length(certain)}`
        : ', none of it proven by the polls alone'),
    '. ',
    h('strong', {}, causes(timeline, clock, outage)),
    shownGaps.map((gap) =>
      h(
        'div',
        {},
        `The collector saw no store at all from ${clock.time(gap.from)} to ${clock.time(gap.to)}: `,
        'for that time the outage is an assumption.',
      ),
    ),
    gaps.length > mostGaps && h('div', {}, `It has ${f.count(gaps.length - mostGaps)} earlier gaps.`),
    h('div', { class: 'sub' }, polls(timeline, clock)),
  );
}

// hasCauses reports whether the timeline is that of the report and has all of its outages and polls.
export const hasCauses = (timeline) => !timeline.next && !timeline.from && !timeline.inputs_changed;

// certainSeconds is how much of an outage lies between polls that say the same.
function certainSeconds({ timeline }, outage) {
  const [begins, ends] = [f.instant(outage.started_at), f.instant(outage.ended_at)];
  const isCertain = (t) => t.certain && f.instant(t.starts_at) >= begins && f.instant(t.ends_at) <= ends;
  return timeline.filter(isCertain).reduce((sum, t) => sum + t.seconds, 0);
}

// touching has the closures that take open time away and meet an outage: others lie where the store was closed anyway.
const touching = ({ closures }, outage) =>
  closures.filter(
    (c) =>
      c.planned_seconds > 0 &&
      f.instant(c.starts_at) < f.instant(outage.ended_at) &&
      endOf(c) >= f.instant(outage.started_at),
  );

// gapsIn has the collector gaps that take open time of an outage, in milliseconds, and how many seconds each takes.
function gapsIn(report, { timeline }, outage) {
  const [begins, ends] = [f.instant(outage.started_at), f.instant(outage.ended_at)];
  const open = timeline
    .filter(({ status }) => status === 'down')
    .map((t) => [Math.max(f.instant(t.starts_at), begins), Math.min(f.instant(t.ends_at), ends)]);
  const overlap = (gap, [from, to]) => Math.max(0, Math.min(gap.to, to) - Math.max(gap.from, from)) / 1000;
  return (report.collector_gaps ?? [])
    .map(({ starts_at: starts, ends_at: end }) => {
      const gap = { from: f.instant(starts), to: f.instant(end) };
      return { ...gap, seconds: open.reduce((sum, span) => sum + overlap(gap, span), 0) };
    })
    .filter(({ seconds }) => seconds > 0);
}

// gapNote says in a few words that an outage is partly assumed. Reports of earlier releases do not list their gaps.
export function gapNote(report, timeline, outage) {
  const found = report.quality?.findings.some(({ code }) => code === findingCodes.collectorGaps);
  if (!report.collector_gaps) return found ? 'perhaps in a collector gap: this report does not list them' : null;
  const gaps = gapsIn(report, timeline, outage);
  const seconds = gaps.reduce((sum, gap) => sum + gap.seconds, 0);
  if (!gaps.length) return null;
  return `${f.length(seconds)} of it in ${gaps.length > 1 ? `${gaps.length} collector gaps` : 'a collector gap'}`;
}

// pollNote says in a few words between which polls an outage lies: its ends are filled in. Only polls while the store was open
// count.
export function pollNote({ evidence }, outage, clock) {
  const [begins, ends] = [f.instant(outage.started_at), f.instant(outage.ended_at)];
  const date = (ms) => f.wallDate(clock.wall(ms));
  const at = ({ at: text }) => {
    const ms = f.instant(text);
    return date(ms) === date(begins) ? f.wallClock(clock.wall(ms)) : clock.time(ms);
  };
  const isUp = ({ status }) => status === 'active';
  const before = evidence.findLast((poll) => isUp(poll) && f.instant(poll.at) <= begins);
  const after = evidence.find((poll) => isUp(poll) && f.instant(poll.at) >= ends);
  const down = evidence.filter((poll) => !isUp(poll) && f.instant(poll.at) >= begins && f.instant(poll.at) <= ends);
  return [
    before ? `active ${at(before)}` : 'no active one before',
    down.length
      ? `inactive ${down.length > 1 ? `${f.count(down.length)} times, first ` : ''}${at(down[0])}`
      : 'no inactive one',
    after ? `active ${at(after)}` : 'no active one since',
  ].join(', ');
}

// causeNote says in a few words which planned closure an outage touches, or follows within a day.
export function causeNote(timeline, outage) {
  const name = ({ reason }) => (reason ? `“${reason}”` : 'a planned closure');
  const touched = touching(timeline, outage);
  if (touched.length) return `touches ${touched.map(name).join(', ')}`;
  const since = (closure) => f.instant(outage.started_at) - endOf(closure);
  const last = timeline.closures
    .filter((c) => c.planned_seconds > 0 && since(c) > 0)
    .sort((a, b) => since(a) - since(b))[0];
  return last && since(last) <= near ? `began ${f.length(since(last) / 1000)} after ${name(last)} ended` : null;
}

function causes(timeline, clock, outage) {
  const within = touching(timeline, outage);
  if (!within.length) {
    const after = causeNote(timeline, outage);
    return after
      ? `No cause is recorded in the data, but the outage ${after}. Polls carry only a status.`
      : 'No cause is recorded in the data: no planned closure touches this outage, and polls carry only a status.';
  }
  const one = (c) => `${c.reason || 'no reason given'} (${clock.time(f.instant(c.starts_at))} ${untilText(c, clock)})`;
  return `A planned closure touches this outage: ${within.map(one).join('; ')}.`;
}

// polls names those between which the store went down. Only polls while the store was open count.
function polls({ evidence, starts_at: starts }, clock) {
  const at = (poll) => clock.time(f.instant(poll.at), true);
  const i = evidence.findLastIndex(({ status }) => status === 'active');
  const inactive = evidence.slice(i + 1);
  const seen = [
    i < 0
      ? `No active poll while it was open since ${clock.time(f.instant(starts))} or earlier`
      : `Last active poll ${at(evidence[i])}`,
    inactive.length ? `first inactive poll ${i < 0 ? '' : 'after it '}${at(inactive[0])}` : 'no inactive poll after it',
    inactive.length > 1 && `latest of ${f.plural(inactive.length, 'inactive poll')} ${at(inactive.at(-1))}`,
  ];
  return `${seen.filter(Boolean).join('; ')}.`;
}
