// Formats numbers and times. A rounded value has an exact counterpart for its tooltip.

const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

export const count = (n) => grouped.format(n ?? 0);

export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

// percent rounds, but shows 100 % and 0 % only for exact values.
export function percent(ratio, digits = 2) {
  if (ratio === null || ratio === undefined) return 'unknown';
  const text = (ratio * 100).toFixed(digits);
  const least = (10 ** -digits).toFixed(digits);
  const most = (100 - 10 ** -digits).toFixed(digits);
  if (ratio < 1 && Number(text) === 100) return `> ${most} %`;
  if (ratio > 0 && Number(text) === 0) return `< ${least} %`;
  return `${text} %`;
}

export const exactPercent = (ratio) =>
  ratio === null || ratio === undefined ? 'unknown' : `${(ratio * 100).toFixed(6)} %`;

// length writes seconds in their two largest units, and in whole hours from a thousand of them. The commands write them
// in the same way: FormatSeconds in
// analytics/params/seconds.go.
export function length(seconds) {
  if (seconds === 0) return '0 h';
  const total = Math.round(seconds);
  if (total === 0) return '< 1 s';
  if (total < 60) return `${total} s`;
  if (total < 600) return total % 60 ? `${Math.floor(total / 60)} min ${total % 60} s` : `${total / 60} min`;
  const minutes = Math.round(total / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes >= 60_000) return `${grouped.format(Math.round(total / 3600))} h`;
  const whole = `${Math.floor(minutes / 60)} h`;
  return minutes % 60 ? `${whole} ${minutes % 60} min` : whole;
}

export const hours = length; // a sum over many stores is written like the time of one

const exact = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 6 });

export const exactSeconds = (seconds) => `${exact.format(seconds)} s`;

const byteUnits = Object.entries({ GB: 1e9, MB: 1e6, kB: 1e3 });

export function bytes(n) {
  const found = byteUnits.find(([, size]) => n >= size);
  if (!found) return `${n} bytes`;
  const [unit, size] = found;
  return `${(n / size).toFixed(n < 10 * size ? 1 : 0)} ${unit}`;
}

// instant parses both timestamp formats of the API: "2024-10-14 21:59:57.495418Z" and RFC 3339.
export const instant = (text) => Date.parse(text.replace(' ', 'T'));

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const two = (n) => String(n).padStart(2, '0');

// wallDate and wallClock format milliseconds that are already shifted to a wall clock.
export function wallDate(ms) {
  const d = new Date(ms);
  return `${days[d.getUTCDay()]} ${d.getUTCDate()} ${months[d.getUTCMonth()]}`;
}

export function wallClock(ms, seconds) {
  const d = new Date(ms);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}${seconds ? `:${two(d.getUTCSeconds())}` : ''}`;
}

// utc formats a timestamp with its year, in UTC.
export function utc(text) {
  const ms = instant(text);
  return `${wallDate(ms)} ${new Date(ms).getUTCFullYear()}, ${wallClock(ms)} UTC`;
}

// dates writes a range of dates, both included.
export function dates(first, last) {
  const text = (date) => `${wallDate(Date.parse(date)).slice(4)} ${date.slice(0, 4)}`;
  return first === last ? text(first) : `${text(first)} to ${text(last)}`;
}

// offset writes how far a clock is ahead of UTC.
export function offset(ms) {
  const minutes = Math.round(ms / 60000);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? '−' : '+'}${two(hours)}:${two(rest)}`;
}

export function age(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return plural(Math.floor(s / 60), 'minute');
  if (s < 48 * 3600) return plural(Math.floor(s / 3600), 'hour');
  return plural(Math.floor(s / 86400), 'day');
}

export function ago(text) {
  const ms = Date.now() - instant(text);
  return ms < 0 ? `in ${age(-ms)}` : `${age(ms)} ago`;
}

// windowName turns last_hour into “Last hour”.
export function windowName(name) {
  const words = name.replaceAll('_', ' ');
  return words[0].toUpperCase() + words.slice(1);
}

// lengthSeconds parses the API's durations: 90s, 45m, 1h30m, 7d.
export function lengthSeconds(text) {
  let sum = 0;
  for (const [, n, unit] of text.matchAll(/(\d+)([dhms])/g)) sum += n * { d: 86400, h: 3600, m: 60, s: 1 }[unit];
  return sum;
}

export const shortID = (id) => (id.length > 22 ? `${id.slice(0, 8)}…${id.slice(-6)}` : id);

// reportName shortens an id to its end: ids begin with their creation time, so reports of one day start alike.
export const reportName = (id) => `…${id.slice(-8)}`;
