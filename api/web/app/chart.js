// A chart of lines over time, by uPlot, which loads with the first chart.
import { h, put } from './dom.js';
import { failure } from './parts.js';

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

// lineChart draws series of percentages over times in seconds. Values that are null are left out. ticks, if given, are the
// places of labels; click is called with the index of the point under the pointer. zone answers the time zone of
// the axis; without it, it is UTC. A series with mark has rings around its points and no line;
// a faint one is thin and grey.
export async function lineChart(plot, chart) {
  try {
    const uPlot = await load();
    if (!chart.signal.aborted) draw(uPlot, plot, chart);
  } catch (error) {
    put(plot, failure(error));
  }
}

function draw(uPlot, plot, chart) {
  const data = [chart.times, ...chart.series.map(({ values }) => values)];
  let drawn;
  const again = () => {
    drawn?.destroy();
    drawn = new uPlot({ ...options(uPlot, chart), width: plot.clientWidth || 300 }, data, plot);
  };
  again();
  for (const change of ['themechange', 'zonechange'])
    addEventListener(change, () => plot.isConnected && again(), { signal: chart.signal });
  const fit = () => {
    const width = plot.clientWidth;
    if (width && Math.abs(drawn.width - width) > 2) drawn.setSize({ width, height });
  };
  new ResizeObserver(fit).observe(plot);
}

function options(uPlot, { times, series, ticks, label, heading, describe = label, zone = () => 'Etc/UTC', click }) {
  const css = getComputedStyle(document.documentElement);
  const colour = (name) => css.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--bs-secondary-color'),
    grid: { stroke: colour('--oh-grid'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui',
  };
  const grey = `${colour('--bs-secondary-color')}88`;
  const pointsOf = (mark, faint) => {
    if (mark) return { show: true, size: 13, width: 2, fill: 'transparent' };
    return faint ? { show: true, size: 4, fill: grey } : { show: times.length < 80, size: 5 };
  };
  const line = ({ label: name, mark, faint }, i) => ({
    label: name,
    stroke: faint ? grey : colour(colours[i]),
    width: mark ? 0 : faint ? 1 : 2,
    spanGaps: !mark,
    points: pointsOf(mark, faint),
    value: (_, percent) => (percent === null ? '–' : `${percent.toFixed(2)} %`),
  });
  const time = {
    label: heading,
    value: (_, seconds) => (seconds === null ? 'hover for values' : describe(seconds)),
  };
  const openPoint = (chart) => {
    const i = chart.cursor.idx;
    if (i !== null && i !== undefined) click(i);
  };
  // labels of given places are thinned out to what the width has room for
  const thinned = (chart) =>
    ticks.filter((_, i) => i % Math.ceil((ticks.length * 80) / Math.max(80, chart.width - 60)) === 0);
  const onlyPoint = times.length === 1 && { range: (_, at) => [at - 43_200, at + 43_200] };
  return {
    height,
    padding: [null, 32, null, null], // the last label is centred below its point
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone()),
    cursor: { points: { size: 8 }, drag: { x: false, y: false } },
    scales: { x: { time: true, ...onlyPoint } },
    axes: [
      { ...axis, space: 80, size: 30, ...(ticks && { splits: thinned }), values: (_, list) => list.map(label) },
      { ...axis, size: 58, values: (_, list) => list.map((n) => `${Number(n.toFixed(2))} %`) },
    ],
    series: [time, ...series.map(line)],
    hooks: { ready: click ? [(chart) => chart.over.addEventListener('click', () => openPoint(chart))] : [] },
  };
}
