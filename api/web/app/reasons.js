// Why a store counts as up or down at an instant: the rule, and the observation behind it.
import * as f from './format.js';
import { kinds, whyOpen, whyShut } from './hours.js';

const day = 86400e3; // milliseconds

// tipText describes an instant of a span of the timeline, one fact per line.
export function tipText({ timeline, clock }, span, instant) {
  const local = (text) => f.wallClock(clock.wall(f.instant(text)), true);
  const now = `${clock.time(instant)} (${f.wallClock(instant)} UTC)`;
  if (span.status in kinds) {
    const opens = span.status === 'planned' && `it would be open: ${whyOpen(timeline, instant)}`;
    return [now, whyShut({ timeline, clock }, span), opens].filter(Boolean).join('\n');
  }
  return [
    now,
    reason({ timeline, clock }, span, instant),
    `${span.status} for ${f.length(span.seconds)}, ${local(span.starts_at)} to ${local(span.ends_at)}`,
    whyOpen(timeline, instant),
    span.certain ? null : 'not certain from the observations alone',
  ]
    .filter(Boolean)
    .join('\n');
}

// reason names the rule for one instant, and the distance of its observation.
export function reason({ timeline, clock }, span, instant) {
  const observation = observationBehind(timeline, span, instant);
  if (!observation) return `${span.status}: ${span.rule}`;
  const at = f.instant(observation.at);
  const distance = Math.abs(at - instant);
  const distanceText = distance < 500 ? 'at this instant' : `${f.length(distance / 1000)} away`;
  const isSameDay = Math.floor(clock.wall(at) / day) === Math.floor(clock.wall(instant) / day);
  const time = isSameDay ? f.wallClock(clock.wall(at)) : clock.time(at);
  const rule = rules[span.kind](timeline.parameters.interpolation);
  return `${span.status}: ${rule} ${time} ${observation.status}, ${distanceText}`;
}

const rules = {
  run: (interpolation) => `${interpolation} observation`,
  pair: (interpolation) => `${interpolation} observation`,
  head: () => 'the session’s first observation',
  tail: () => 'the session’s last observation',
  silence: (interpolation) => `no observation in this session; ${interpolation} observation of another session`,
};

// observationBehind returns the observation that gives a span its status at an instant, or null.
function observationBehind({ evidence, parameters }, span, instant) {
  if (span.kind === 'run') return interpolated(evidence, instant, parameters.interpolation);
  if (!span.governed_by) return null;
  const status = span.status === 'up' ? 'active' : 'inactive';
  return evidence.find((o) => o.at === span.governed_by) ?? { at: span.governed_by, status };
}

// interpolated returns the observation that an instant between two of them takes its status from.
function interpolated(evidence, instant, interpolation) {
  const next = evidence.findIndex((o) => f.instant(o.at) > instant);
  const before = (next < 0 ? evidence.at(-1) : evidence[next - 1]) ?? null;
  const after = evidence[next] ?? null;
  if (!before || !after) return before ?? after;
  if (interpolation === 'previous') return before;
  if (interpolation === 'next') return after;
  return instant < (f.instant(before.at) + f.instant(after.at)) / 2 ? before : after;
}
