// The trend: uptime by local date out of one report, and the fleet in earlier reports, drawn by uPlot.
import * as api from './api.js';
import { lineChart } from './chart.js';
import { h, put } from './dom.js';
import * as f from './format.js';
import { partDays } from './part_days.js';
import { panelHead, sub, time, toggles } from './parts.js';
import { go } from './router.js';
import { moment, offsetAt, shownZone } from './shownzone.js';
import { numeric, row, rowHead, scrolling, table } from './tables.js';

const day = 86400; // seconds

// trendPanel fills a box with the days of a report, and a choice of earlier reports if there are any. points is empty for a
// group: earlier reports are compared as a whole. zones are those of the stores, null for a group.
export function trendPanel(box, { report, days, points, zones, signal }) {
  const shown = days.map((one) => ({ ...one, uptime_ratio: uptimeOf(one) })).filter((one) => one.uptime_ratio !== null);
  const reports = together(points);
  const kinds = { days: 'By day', reports: 'By report' };
  const drawKind = (kind) => {
    const choose = (name) => {
      drawKind(name);
      box.querySelector('.active').focus();
    };
    const content = h('div', {});
    const about = kind === 'days' ? ' by each store’s local date' : ` of ${reports.length} reports`;
    put(
      box,
      panelHead(
        h('h2', {}, 'Trend', sub(about)),
        reports.length > 1 && toggles('Trend', Object.entries(kinds), kind, choose),
      ),
      content,
    );
    if (kind === 'days') {
      const dates = days.map((one) => one.date);
      daysIn(content, {
        days: shown,
        parts: partDays(report, dates, zones),
        earlier: earlierDays(report, reports),
        signal,
      });
    } else reportsIn(content, report, reports, points.length - reports.length, signal);
  };
  drawKind('days');
}

function uptimeOf({ uptime_seconds: up, downtime_seconds: down }) {
  return up + down > 0 ? up / (up + down) : null;
}

const percentOf = (ratio) => (ratio === null || ratio === undefined ? null : ratio * 100);
const dayLabel = (seconds) => f.wallDate(seconds * 1000);

// earlierDays are the windows of a day in the reports before this one, each at the time it begins.
export function earlierDays(report, points) {
  const window = report.parameters.windows.find((w) => w.length && f.lengthSeconds(w.length) === day)?.name;
  return points
    .filter((point) => f.instant(point.as_of) < f.instant(report.as_of))
    .map((point) => ({ at: f.instant(point.as_of) / 1000 - day, value: percentOf(windowOf(point, window)) }))
    .filter(({ value }) => value !== null);
}

// daysIn draws the days and, faintly, those of earlier reports that fall among them.
function daysIn(box, { days, parts, earlier, signal }) {
  if (!days.length) {
    put(box, h('div', { class: 'empty small' }, h('p', {}, 'No date of this report has known open time.')));
    return;
  }
  const ticks = days.map((one) => Date.parse(one.date) / 1000);
  const behind = new Map(
    earlier.filter(({ at }) => at >= ticks[0] && at <= ticks.at(-1)).map(({ at, value }) => [at, value]),
  );
  const times = [...new Set([...ticks, ...behind.keys()])].sort((a, b) => a - b);
  const plot = h('div', {
    class: 'plot',
    role: 'img',
    'aria-label': `Uptime on ${f.plural(days.length, 'day')}; the table below has the numbers`,
  });
  put(box, plot, partsLine(days, parts), dayTable(days, parts));
  const byTime = new Map(days.map((one, i) => [ticks[i], one]));
  const valuesOf = (wanted) =>
    times.map((at) => (wanted(byTime.get(at)) ? percentOf(byTime.get(at).uptime_ratio) : null));
  lineChart(plot, {
    times,
    series: [
      { label: 'Uptime', values: valuesOf(Boolean) },
      parts.size > 0 && { label: 'Part of a day', values: valuesOf((one) => parts.has(one?.date)), mark: true },
      behind.size > 0 && {
        label: 'Day up to an earlier report',
        values: times.map((at) => behind.get(at) ?? null),
        faint: true,
      },
    ].filter(Boolean),
    ticks,
    label: dayLabel,
    heading: 'date',
    describe: (seconds) => {
      if (!byTime.has(seconds)) return `24 h up to ${moment(new Date((seconds + day) * 1000).toISOString())}`;
      const part = parts.get(byTime.get(seconds).date);
      return `${dayLabel(seconds)}${part ? `, ${part}` : ''}`;
    },
    signal,
  });
}

// partsLine names the dates whose points are marked.
function partsLine(days, parts) {
  const cut = days.filter((one) => parts.has(one.date));
  if (!cut.length) return null;
  const list = cut.map((one) => `${dayLabel(Date.parse(one.date) / 1000)} ${parts.get(one.date)}`);
  return h('p', { class: 'sub mb-1 parts-of-days' }, `Marked points are parts of a day: ${list.join('; ')}.`);
}

function dayTable(days, parts) {
  const lines = days.toReversed().map((one) =>
    row(
      rowHead(
        dayLabel(Date.parse(one.date) / 1000),
        sub(` ${one.date.slice(0, 4)}${parts.has(one.date) ? `, ${parts.get(one.date)}` : ''}`),
      ),
      h('td', { class: 'text-end num', 'data-tip': f.exactPercent(one.uptime_ratio) }, f.percent(one.uptime_ratio)),
      [one.downtime_seconds, one.unknown_seconds, one.open_seconds].map((n) =>
        h('td', { class: 'text-end num', 'data-tip': f.exactSeconds(n) }, f.hours(n)),
      ),
    ),
  );
  const headings = ['Date', ...['Uptime', 'Down', 'Unknown', 'Open'].map((name) => numeric(name))];
  return numbers(table(headings, lines));
}

const numbers = (content) =>
  h('details', { class: 'small' }, h('summary', {}, 'Show the numbers'), scrolling('Numbers of the trend', content));

// together leaves out reports that lie so far from the next one that the axis would be mostly empty: a wrong timestamp can
// set as_of years ahead. Those up to the report shown stay.
export function together(points) {
  const times = points.map((point) => f.instant(point.as_of) / 1000);
  const gaps = times.slice(1).map((at, i) => at - times[i]);
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  const widest = Math.max(7 * day, 20 * usual);
  return points.slice(gaps.findLastIndex((gap) => gap > widest) + 1);
}

const windowOf = (point, window) => point.fleet.find((w) => w.time_window === window)?.uptime_ratio ?? null;

function reportsIn(box, report, points, apart, signal) {
  const windows = report.fleet.map((w) => w.time_window).slice(0, 4);
  const label = `Uptime of the fleet in ${points.length} reports; the table below has the numbers`;
  const plot = h('div', { class: 'plot leads', role: 'img', 'aria-label': label });
  const left = apart > 0 && `${f.plural(apart, 'earlier report')} left out: too far apart. `;
  put(box, plot, h('p', { class: 'sub mb-1' }, left, 'A click opens the report.'), reportTable(points, windows));
  lineChart(plot, {
    times: points.map((point) => f.instant(point.as_of) / 1000),
    series: windows.map((name) => ({
      label: f.windowName(name),
      values: points.map((point) => percentOf(windowOf(point, name))),
    })),
    label: timeLabel,
    heading: 'as of',
    describe: (seconds) => moment(new Date(seconds * 1000).toISOString()),
    zone: shownZone,
    click: (i) => go(api.reportPath(points[i].report_id)),
    signal,
  });
}

// timeLabel is a date at midnight, and a time of day otherwise.
function timeLabel(seconds) {
  const ms = seconds * 1000 + offsetAt(seconds * 1000);
  return ms % 86400e3 === 0 ? f.wallDate(ms).slice(4) : f.wallClock(ms);
}

function reportTable(points, windows) {
  const lines = points.toReversed().map((point) =>
    row(
      rowHead(h('a', { href: api.reportPath(point.report_id) }, time(point.as_of))),
      windows.map((name) => {
        const uptime = windowOf(point, name);
        return h('td', { class: 'text-end num', 'data-tip': f.exactPercent(uptime) }, f.percent(uptime));
      }),
    ),
  );
  return numbers(table(['As of', ...windows.map((name) => numeric(f.windowName(name)))], lines));
}
