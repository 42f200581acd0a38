// The fleet's uptime over earlier reports, drawn by uPlot.
import * as api from './api.js';
import { h, put } from './dom.js';
import * as f from './format.js';
import { go } from './router.js';
import { numeric, row, rowHead, scrolling, table } from './tables.js';

const colours = ['--oh-series-1', '--oh-series-2', '--oh-series-3', '--oh-series-4'];
const height = 190;

let library;
function load() {
  library ??= new Promise((done, fail) => {
    const onload = () => done(globalThis.uPlot);
    const onerror = () => {
      library = null;
      fail(new Error('The chart library did not load.'));
    };
    document.head.append(h('link', { rel: 'stylesheet', href: '/vendor/uPlot.min.css' }));
    document.head.append(h('script', { src: '/vendor/uPlot.iife.min.js', onload, onerror }));
  });
  return library;
}

const uptimeOf = (point, window) => point.fleet.find((w) => w.time_window === window)?.uptime_ratio ?? null;

export async function trendChart(box, points, windows, signal) {
  if (points.length < 2) {
    const text = 'One report so far. The trend starts with a second report on newer data, with the same parameters.';
    put(box, h('div', { class: 'empty small' }, h('p', {}, text)));
    return;
  }
  const uPlot = await load();
  if (signal.aborted) return;
  const shown = windows.slice(0, colours.length);
  const label = `Uptime of the fleet in ${points.length} reports; the table below has the numbers`;
  const plot = h('div', { class: 'plot', role: 'img', 'aria-label': label });
  put(box, plot, asTable(points, shown));
  const data = [
    points.map((point) => f.instant(point.as_of) / 1000),
    ...shown.map((name) => points.map((point) => percentOf(uptimeOf(point, name)))),
  ];
  let chart;
  const draw = () => {
    chart?.destroy();
    chart = new uPlot({ ...options(uPlot, points, shown), width: plot.clientWidth || 300 }, data, plot);
  };
  draw();
  addEventListener('themechange', () => plot.isConnected && draw(), { signal });
  const fit = () => {
    const width = plot.clientWidth;
    if (chart && Math.abs(chart.width - width) > 2) chart.setSize({ width, height });
  };
  new ResizeObserver(fit).observe(plot);
}

const percentOf = (ratio) => (ratio === null ? null : ratio * 100);

function options(uPlot, points, windows) {
  const css = getComputedStyle(document.documentElement);
  const colour = (name) => css.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--bs-secondary-color'),
    grid: { stroke: colour('--oh-grid'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui',
  };
  const series = (name, i) => ({
    label: f.windowName(name),
    stroke: colour(colours[i]),
    width: 2,
    spanGaps: true,
    points: { show: points.length < 40, size: 5 },
    value: (_, percent) => (percent === null ? '–' : `${percent.toFixed(2)} %`),
  });
  const asOf = {
    label: 'as of',
    value: (_, seconds) => (seconds === null ? 'hover for values' : f.utc(new Date(seconds * 1000).toISOString())),
  };
  const openReport = (chart) => {
    const i = chart.cursor.idx;
    if (i !== null && i !== undefined) go(api.reportPath(points[i].report_id));
  };
  return {
    height,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    cursor: { points: { size: 8 }, drag: { x: false, y: false } },
    scales: { x: { time: true } },
    axes: [
      { ...axis, space: 80, size: 30, values: (_, ticks) => ticks.map(timeLabel) },
      { ...axis, size: 58, values: (_, ticks) => ticks.map((n) => `${Number(n.toFixed(2))} %`) },
    ],
    series: [asOf, ...windows.map(series)],
    hooks: { ready: [(chart) => chart.over.addEventListener('click', () => openReport(chart))] },
  };
}

// timeLabel is a date at midnight UTC, and a time of day otherwise.
function timeLabel(seconds) {
  const ms = seconds * 1000;
  return ms % 86400e3 === 0 ? f.wallDate(ms).slice(4) : f.wallClock(ms);
}

function asTable(points, windows) {
  const lines = points.toReversed().map((point) =>
    row(
      rowHead(h('a', { href: api.reportPath(point.report_id) }, f.utc(point.as_of))),
      windows.map((name) => {
        const uptime = uptimeOf(point, name);
        return h('td', { class: 'text-end num', 'data-tip': f.exactPercent(uptime) }, f.percent(uptime));
      }),
    ),
  );
  const headings = ['As of', ...windows.map((name) => numeric(f.windowName(name)))];
  return h(
    'details',
    { class: 'small' },
    h('summary', {}, 'Show the numbers'),
    scrolling('Numbers of the trend', table(headings, lines)),
  );
}
