// What opens and what closes a store: weekly hours, special hours, planned closures, its first and its last day.
import * as f from './format.js';

const day = 86400e3; // milliseconds

export const kinds = { planned: 'planned closure', early: 'not open yet', gone: 'closed for good' };

// shutSpans are the stretches that planned closures take out of the openings, and those before the first and after the
// last day of a store, in the form of the timeline.
export function shutSpans(timeline, clock, from, to) {
  const opens = timeline.opens_on ? midnight(clock, timeline.opens_on, 0) : -Infinity;
  const closes = Math.max(opens, timeline.closes_on ? midnight(clock, timeline.closes_on, 1) : Infinity);
  const spans = [span('early', from, Math.min(opens, to)), span('gone', Math.max(closes, from), to)];
  let done = -Infinity; // openings may overlap
  for (const opening of timeline.openings) {
    const start = Math.max(f.instant(opening.opens_at), opens, from, done);
    const end = Math.min(f.instant(opening.closes_at), closes, to);
    done = Math.max(done, end);
    const edges = timeline.closures.flatMap((c) => [f.instant(c.starts_at), endOf(c)]);
    const points = [start, ...edges.filter((at) => at > start && at < end).sort((a, b) => a - b), end];
    for (let i = 0; i + 1 < points.length; i++) {
      const closures = closuresAt(timeline, points[i]);
      if (closures.length) spans.push(span('planned', points[i], points[i + 1], closures));
    }
  }
  return spans.filter(Boolean);
}

function span(status, from, to, closures) {
  if (!(from < to)) return null;
  const text = (ms) => new Date(ms).toISOString();
  return { status, closures, starts_at: text(from), ends_at: text(to), seconds: (to - from) / 1000, certain: true };
}

// midnight is the instant that begins a local date, or one some days later.
function midnight(clock, date, later) {
  const wall = Date.parse(`${date}T00:00Z`) + later * day;
  const candidates = clock.periods.map((p) => Math.max(wall - p.offset, p.starts));
  return Math.min(...candidates.filter((at) => clock.wall(at) >= wall));
}

export const endOf = (closure) => (closure.ends_at ? f.instant(closure.ends_at) : Infinity);
const closuresAt = ({ closures }, at) => closures.filter((c) => f.instant(c.starts_at) <= at && at < endOf(c));

// whyShut says what closes a store in a span of shutSpans, one fact per line.
export function whyShut({ timeline, clock }, { status, closures }) {
  if (status === 'early') return `${kinds.early}: opens on ${timeline.opens_on}`;
  if (status === 'gone') return `${kinds.gone} after ${timeline.closes_on}`;
  return closures.map((c) => closureText(c, clock)).join('\n');
}

function closureText(closure, clock) {
  return `${kinds.planned}${closure.reason ? `: ${closure.reason}` : ''}, ${untilText(closure, clock)}`;
}

export const untilText = (closure, clock) =>
  closure.ends_at ? `until ${clock.time(f.instant(closure.ends_at))}` : 'until further notice';

// whyOpen says which hours open a store at an instant; empty where a short gap between openings counts as open.
export function whyOpen({ openings }, instant) {
  const opening = openings.find((o) => f.instant(o.opens_at) <= instant && instant < f.instant(o.closes_at));
  if (!opening) return '';
  if (opening.source === 'special') return `special hours${opening.name ? `: ${opening.name}` : ''}`;
  if (opening.source === 'always') return 'no hours are known: always open';
  return opening.valid_from ? `weekly hours from ${opening.valid_from}` : 'weekly hours';
}

const audiences = {
  store: 'for this store',
  attribute: 'for a group of stores that this one belongs to',
  all: 'for every store',
};

// specialDay describes a date with special hours; dayNo counts days since 1970.
export function specialDay({ special_days: list }, dayNo) {
  const found = list.find((one) => Date.parse(one.date) === dayNo * day);
  if (!found) return null;
  const name = found.name ? `: ${found.name}` : '';
  return { text: `${found.closed ? 'closed' : 'special hours'}${name}`, tip: audiences[found.for] };
}
