// How numbers and times are written. Rounded text goes with its exact value: [text, exact].

const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

export const count = (n) => grouped.format(n ?? 0);

export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

// percent never rounds up to 100 nor down to 0 what is not.
export function percent(ratio, digits = 2) {
  if (ratio === null || ratio === undefined) return 'unknown';
  const text = (ratio * 100).toFixed(digits);
  const least = (10 ** -digits).toFixed(digits),
    most = (100 - 10 ** -digits).toFixed(digits);
  if (ratio < 1 && Number(text) === 100) return `> ${most} %`;
  if (ratio > 0 && Number(text) === 0) return `< ${least} %`;
  return `${text} %`;
}

export const exactPercent = (ratio) =>
  ratio === null || ratio === undefined ? 'nothing is known' : `${(ratio * 100).toFixed(6)} %`;

// hours is for sums over many stores.
export function hours(seconds) {
  const n = seconds / 3600;
  if (n === 0) return '0 h';
  if (n < 0.05) return `${(seconds / 60).toFixed(1)} min`;
  return n < 1000 ? `${n.toFixed(1)} h` : `${grouped.format(n)} h`;
}

// length is for one store: the two largest units.
export function length(seconds) {
  const total = Math.round(seconds);
  if (seconds > 0 && total === 0) return '< 1 s';
  if (total < 60) return `${total} s`;
  const minutes = Math.round(total / 60);
  if (total < 600) return total % 60 ? `${Math.floor(total / 60)} min ${total % 60} s` : `${total / 60} min`;
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60
    ? `${grouped.format(Math.floor(minutes / 60))} h ${minutes % 60} min`
    : `${grouped.format(minutes / 60)} h`;
}

export const exactSeconds = (seconds) =>
  `${new Intl.NumberFormat('en-GB', { maximumFractionDigits: 6 }).format(seconds)} s`;

export function bytes(n) {
  for (const [unit, size] of [
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ])
    if (n >= size) return `${(n / size).toFixed(n < 10 * size ? 1 : 0)} ${unit}`;
  return `${n} bytes`;
}

// instant reads the two forms of the API: "2024-10-14 21:59:57.495418Z" and RFC 3339.
export const instant = (text) => Date.parse(text.replace(' ', 'T'));

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const two = (n) => String(n).padStart(2, '0');

// wall writes milliseconds that already are a wall clock's.
export const wallDate = (ms) => {
  const d = new Date(ms);
  return `${days[d.getUTCDay()]} ${d.getUTCDate()} ${months[d.getUTCMonth()]}`;
};
export const wallClock = (ms, seconds) => {
  const d = new Date(ms);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}${seconds ? `:${two(d.getUTCSeconds())}` : ''}`;
};

// utc is a time as people read it, with the year.
export function utc(text) {
  const ms = instant(text);
  return `${wallDate(ms)} ${new Date(ms).getUTCFullYear()}, ${wallClock(ms)} UTC`;
}

export function age(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return plural(Math.floor(s / 60), 'minute');
  if (s < 48 * 3600) return plural(Math.floor(s / 3600), 'hour');
  return plural(Math.floor(s / 86400), 'day');
}

export const ago = (text) => {
  const ms = Date.now() - instant(text);
  return ms < 0 ? `in ${age(-ms)}` : `${age(ms)} ago`;
};

// windowName makes "last_hour" words.
export const windowName = (name) => {
  const words = name.replaceAll('_', ' ');
  return words[0].toUpperCase() + words.slice(1);
};

// lengthSeconds reads the API's lengths: 90s, 45m, 1h30m, 7d.
export function lengthSeconds(text) {
  let sum = 0;
  for (const [, n, unit] of text.matchAll(/(\d+)([dhms])/g)) sum += n * { d: 86400, h: 3600, m: 60, s: 1 }[unit];
  return sum;
}

export const shortID = (id) => (id.length > 22 ? `${id.slice(0, 8)}…${id.slice(-6)}` : id);

// Ids begin with the time of their making, so that their ends tell reports of one day apart.
export const reportName = (id) => `…${id.slice(-8)}`;
