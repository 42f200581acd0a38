// The fleet's uptime over the reports so far, with uPlot.
import * as api from './api.js';
import { h, put } from './dom.js';
import * as f from './format.js';
import { go } from './main.js';

const colours = ['--oh-series-1', '--oh-series-2', '--oh-series-3', '--oh-series-4'];

let library;
function load() {
  library ??= new Promise((done, fail) => {
    document.head.append(h('link', { rel: 'stylesheet', href: '/vendor/uPlot.min.css' }));
    document.head.append(
      h('script', {
        src: '/vendor/uPlot.iife.min.js',
        onload: () => done(globalThis.uPlot),
        onerror: () => {
          library = null;
          fail(new Error('the plotting library did not load'));
        },
      }),
    );
  });
  return library;
}

export async function trendChart(box, points, windows, signal) {
  if (points.length < 2) {
    put(
      box,
      h(
        'div',
        { class: 'empty small' },
        h(
          'p',
          {},
          'One report so far. The trend begins with the second one of newer data, made with the same parameters.',
        ),
      ),
    );
    return;
  }
  const uPlot = await load();
  if (signal.aborted) return;
  const shown = windows.slice(0, colours.length);
  const times = points.map((p) => f.instant(p.as_of) / 1000);
  const series = shown.map((name) =>
    points.map((p) => {
      const w = p.fleet.find((one) => one.time_window === name);
      return w?.uptime_ratio == null ? null : w.uptime_ratio * 100;
    }),
  );
  const plot = h('div', {
    class: 'plot',
    role: 'img',
    'aria-label': `Uptime of the fleet in ${points.length} reports; the table below has the numbers`,
  });
  put(box, plot, table(points, shown));
  let chart;
  const draw = () => {
    chart?.destroy();
    const css = getComputedStyle(document.documentElement);
    const colour = (name) => css.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--bs-secondary-color'),
      grid: { stroke: colour('--oh-grid'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui',
    };
    chart = new uPlot(
      {
        width: plot.clientWidth || 300,
        height: 190,
        tzDate: (at) => uPlot.tzDate(new Date(at * 1000), 'Etc/UTC'),
        cursor: { points: { size: 8 }, drag: { x: false, y: false } },
        scales: { x: { time: true } },
        axes: [
          {
            ...axis,
            space: 80,
            size: 30,
            values: (_, ticks) =>
              ticks.map((t) => {
                const d = new Date(t * 1000).toISOString();
                return d.endsWith('T00:00:00.000Z') ? f.wallDate(t * 1000).slice(4) : f.wallClock(t * 1000);
              }),
          },
          { ...axis, size: 58, values: (_, ticks) => ticks.map((t) => `${Number(t.toFixed(2))} %`) },
        ],
        series: [
          {
            label: 'as of',
            value: (_, t) => (t === null ? 'point at the chart' : `${f.utc(new Date(t * 1000).toISOString())}`),
          },
          ...shown.map((name, i) => ({
            label: f.windowName(name),
            stroke: colour(colours[i]),
            width: 2,
            spanGaps: true,
            points: { show: points.length < 40, size: 5 },
            value: (_, v) => (v === null ? '–' : `${v.toFixed(2)} %`),
          })),
        ],
        hooks: {
          ready: [
            (u) =>
              u.over.addEventListener('click', () => {
                const i = u.cursor.idx;
                if (i !== null && i !== undefined) go(api.reportPath(points[i].report_id));
              }),
          ],
        },
      },
      [times, ...series],
      plot,
    );
  };
  draw();
  const again = () => {
    if (plot.isConnected) draw();
  };
  addEventListener('themechange', again, { signal });
  new ResizeObserver(() => {
    if (chart && Math.abs(chart.width - plot.clientWidth) > 2) chart.setSize({ width: plot.clientWidth, height: 190 });
  }).observe(plot);
}

function table(points, windows) {
  return h(
    'details',
    { class: 'small' },
    h('summary', {}, 'The numbers'),
    h(
      'div',
      { class: 'table-responsive scroll', tabindex: 0, role: 'region', 'aria-label': 'The numbers of the trend' },
      h(
        'table',
        { class: 'table table-sm dense' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, 'As of'),
            windows.map((w) => h('th', { scope: 'col', class: 'text-end' }, f.windowName(w))),
          ),
        ),
        h(
          'tbody',
          {},
          points.toReversed().map((p) =>
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, h('a', { href: api.reportPath(p.report_id) }, f.utc(p.as_of))),
              windows.map((name) => {
                const w = p.fleet.find((one) => one.time_window === name);
                return h(
                  'td',
                  { class: 'text-end num', 'data-tip': f.exactPercent(w?.uptime_ratio) },
                  f.percent(w?.uptime_ratio),
                );
              }),
            ),
          ),
        ),
      ),
    ),
  );
}
