// Measured values: rounded text with the exact value in a tooltip, and the bars drawn from them.
import { h } from './dom.js';
import * as f from './format.js';

// value shows rounded text whose exact value appears on hover or focus.
export const value = (text, exact, props = {}) => h('span', { 'data-tip': exact, ...props }, text);

const numberClass = (plain) => ({ class: plain ? 'num' : 'num muted' });
export const ratio = (n, digits) =>
  value(f.percent(n, digits), f.exactPercent(n), numberClass(n !== null && n !== undefined));
export const hoursOf = (seconds) => value(f.hours(seconds), f.exactSeconds(seconds), numberClass(seconds));
export const lengthOf = (seconds) => value(f.length(seconds), f.exactSeconds(seconds), numberClass(seconds));

// hasPlanned reports whether planned closures took any time away: most data has none, and no column for them.
export const hasPlanned = (windows) => windows.some((w) => w.planned_seconds > 0);

// bounds formats the lowest and highest possible uptime, as rounded and as exact text.
export const bounds = ({ uptime_ratio_min: low, uptime_ratio_max: high }) => ({
  text: `${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)} %`,
  exact: `${f.exactPercent(low)} to ${f.exactPercent(high)}`,
});

// splitBar shows how open time divides into up, down and unknown.
export function splitBar({ open_seconds: open, uptime_seconds: up, downtime_seconds: down, unknown_seconds: unknown }) {
  if (!open) return h('span', { class: 'muted small' }, 'closed throughout');
  const share = (n) => f.percent(n / open, 1);
  const label = `up ${share(up)}, down ${share(down)}, unknown ${share(unknown)} of ${f.length(open)} open`;
  const tip = label.replaceAll(', ', '\n').replace(' of ', '\nof ');
  const piece = (kind, n) => n > 0 && h('span', { class: `part ${kind}`, style: { 'flex-grow': n / open } });
  return h(
    'span',
    { class: 'split', role: 'img', 'aria-label': label, 'data-tip': tip },
    piece('up', up),
    piece('down', down),
    piece('unknown', unknown),
  );
}

// boundsTrack shows the uptime that the observations alone allow, and marks the interpolated value.
export function boundsTrack({ uptime_ratio_min: low, uptime_ratio_max: high, uptime_ratio: answer }) {
  const place = (n) => `${Math.max(0, Math.min(100, n * 100))}%`;
  const label = `The observations alone allow ${f.percent(low)} to ${f.percent(high)}`;
  const tip = `${label}\n${f.exactPercent(low)} to ${f.exactPercent(high)}\nscale 0 % to 100 %`;
  const range = { left: place(low), width: `${Math.max(0.5, (high - Math.max(low, 0)) * 100)}%` };
  return h(
    'span',
    { class: 'track', role: 'img', 'aria-label': label, 'data-tip': tip },
    h('span', { class: 'range', style: range }),
    answer === null ? null : h('span', { class: 'answer', style: { left: place(answer) } }),
  );
}
