// The zone in which pages about the fleet show times: UTC, the browser's, or one that somebody chose. A store's page
// uses the store's own.
import * as f from './format.js';

const key = 'openhours-zone';
const browserZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
export const isKnown = (zone) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
};

// choices are pairs of a value to keep and a text; all of them are zones but “local”, which follows the browser.
export const choices = () => [
  ['UTC', 'UTC'],
  ['local', `My zone, ${browserZone}`],
  ...Intl.supportedValuesOf('timeZone')
    .filter((zone) => zone !== 'UTC')
    .map((zone) => [zone, zone]),
];

let kept = stored();

function stored() {
  try {
    const zone = localStorage.getItem(key);
    return zone === 'local' || (zone && isKnown(zone)) ? zone : 'UTC';
  } catch {
    return 'UTC'; // without storage the choice lasts until the page is closed
  }
}

export const chosen = () => kept;
export const shownZone = () => (kept === 'local' ? browserZone : kept);

// choose keeps a zone and lets the page show its times anew.
export function choose(zone) {
  kept = zone;
  try {
    localStorage.setItem(key, zone);
  } catch {
    // as in stored
  }
  dispatchEvent(new Event('zonechange'));
}

const formats = new Map();

function partsOf(ms, zone) {
  if (!formats.has(zone)) {
    const fields = ['year', 'month', 'day', 'hour', 'minute', 'second'];
    const options = Object.fromEntries(fields.map((field) => [field, 'numeric']));
    formats.set(zone, new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...options }));
  }
  const list = formats.get(zone).formatToParts(ms);
  return Object.fromEntries(list.map(({ type, value }) => [type, Number(value)]));
}

// offsetAt is how far a zone's clock is ahead of UTC at an instant, in milliseconds.
export function offsetAt(ms, zone = shownZone()) {
  const p = partsOf(ms, zone);
  const wall = Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second);
  return wall - Math.floor(ms / 1000) * 1000;
}

// moment writes an instant with its year, and the offset from UTC if the zone is another.
export function moment(text, zone = shownZone()) {
  if (zone === 'UTC' || !isKnown(zone)) return f.utc(text);
  const ms = f.instant(text);
  const offset = offsetAt(ms, zone);
  const wall = ms + offset;
  return `${f.wallDate(wall)} ${new Date(wall).getUTCFullYear()}, ${f.wallClock(wall)} ${f.offset(offset)}`;
}

// period shows the time from one instant to another, and a date that both have once.
export function period(from, to, zone) {
  const [a, b] = [moment(from, zone), moment(to, zone)];
  const [day, start] = a.split(', ');
  const [clock, ...offset] = start.split(' ');
  return b.startsWith(`${day}, `) && b.endsWith(` ${offset.join(' ')}`)
    ? `${day}, ${clock} to ${b.slice(day.length + 2)}`
    : `${a} to ${b}`;
}

// dayEnd is the instant at which a date, YYYY-MM-DD, ends in a zone; null if there is no such date.
export function dayEnd(date, zone = shownZone()) {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date) ?? [];
  const midnight = Date.UTC(year, month - 1, day);
  if (!year || new Date(midnight).getUTCDate() !== Number(day) || month > 12) return null;
  const next = midnight + 86_400_000;
  // where the clock changes at midnight, the first instant of the next date by either offset
  const candidates = [next - 86_400_000, next + 86_400_000].map((near) => next - offsetAt(near, zone));
  return Math.min(...candidates.filter((ms) => ms + offsetAt(ms, zone) >= next));
}
