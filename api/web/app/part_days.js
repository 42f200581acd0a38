// Which dates of a report are parts of a day: its span begins and ends at an instant, which is another time in each zone.
import * as f from './format.js';
import { isKnown, offsetAt } from './shownzone.js';

const midnight = '00:00:00.000';

// partDays says of each date that is not whole from when, or until when. Without the zones of its stores, as for a group, it
// says so of the first and the last date. dates are in order; the map has those that are cut.
export function partDays(report, dates, zones) {
  const [first, last] = [dates[0], dates.at(-1)];
  const calendar = (report.window_dates ?? []).map((w) => w.first_date).sort()[0] ?? '9999';
  if (!zones?.length) {
    const cut = [
      calendar > first && [first, 'from the start of the report'], // a window of the calendar begins at midnight
      [last, 'until the end of the report'],
    ];
    return new Map(dates.length > 1 ? cut.filter(Boolean) : []);
  }
  const ends = f.instant(report.as_of);
  const length = Math.max(0, ...report.parameters.windows.map((w) => f.lengthSeconds(w.length ?? '')));
  const walls = zones
    .filter(isKnown)
    .map((zone) => ({ start: wall(ends - length * 1000, zone), end: wall(ends, zone) }));
  const parts = new Map();
  for (const date of dates) {
    const begun = calendar <= date ? [] : walls.filter(({ start }) => start.date === date && start.clock > midnight);
    const ended = walls.filter(({ end }) => end.date === date && end.clock > midnight);
    const here = walls.filter(({ start, end }) => (start.date <= date || calendar <= date) && date <= end.date);
    const texts = [
      begun.length > 0 &&
        span(
          'from',
          begun.map(({ start }) => start.clock),
          here,
        ),
      ended.length > 0 &&
        span(
          'until',
          ended.map(({ end }) => end.clock),
          here,
        ),
    ];
    if (begun.length || ended.length) parts.set(date, texts.filter(Boolean).join(', '));
  }
  return parts;
}

function wall(ms, zone) {
  const text = new Date(ms + offsetAt(ms, zone)).toISOString();
  return { date: text.slice(0, 10), clock: text.slice(11, 23) };
}

// span writes the times at which zones cut a date; in the other zones that have the date it is whole.
function span(word, clocks, here) {
  const [least, most] = [clocks.reduce((a, b) => (a < b ? a : b)), clocks.reduce((a, b) => (a > b ? a : b))];
  const times = [...new Set([least, most].map((clock) => clock.slice(0, 5)))].join(' to ');
  return `${word} ${times}${clocks.length < here.length ? ' in some zones' : ''}`;
}
