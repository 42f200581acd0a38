// Why a store is down, as far as the data says: a planned closure that lies in the outage, and the polls that show it.
import { h } from './dom.js';
import * as f from './format.js';
import { untilText } from './hours.js';
import { callout } from './parts.js';

// causeOf is null unless the store is down when it was last open. A part of a timeline lacks polls, and that of other files than
// those of the report may lack the outage.
export function causeOf(timeline, clock) {
  const outage = timeline.outages.at(-1);
  if (!outage?.ongoing || timeline.next || timeline.from || timeline.inputs_changed) return null;
  return callout(
    'mb-3 cause',
    'circle-info',
    `Down since ${clock.time(f.instant(outage.started_at))}, for ${f.length(outage.open_seconds)} of open time. `,
    h('strong', {}, causes(timeline, clock, outage)),
    h('div', { class: 'sub' }, polls(timeline, clock)),
  );
}

function causes({ closures }, clock, outage) {
  const begins = f.instant(outage.started_at);
  const within = closures.filter(
    (c) =>
      f.instant(c.starts_at) < f.instant(outage.ended_at) && (c.ends_at ? f.instant(c.ends_at) : Infinity) >= begins,
  );
  if (!within.length)
    return 'No cause is recorded in the data: no planned closure touches this outage, and polls carry only a status.';
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
