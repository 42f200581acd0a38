// The overview: the fleet in the newest report.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import { notices } from './findings.js';
import * as f from './format.js';
import { bounds, boundsTrack, lengthOf, ratio, splitBar } from './measures.js';
import { storeLink } from './names.js';
import { parameterSummary, parametersText } from './parameters.js';
import * as parts from './parts.js';
import { panelColumn, panelHead, sub, time } from './parts.js';
import { cellOf, numberCell, numeric, responsive, row, rowHead, shownFrom, table } from './tables.js';
import { targetSection } from './targets.js';
import { trendChart } from './trend.js';
import { weekPicture } from './week.js';
import { zoneTable } from './zones.js';

export async function show(main, { signal }) {
  const picked = pick((await api.listReports(recent, signal)).reports);
  const [fleet, newest] = picked;
  if (fleet) await draw(main, await api.report(fleet.report_id, signal), newest, signal);
  else await nothingYet(main, signal);
  watch(picked, signal, () => show(main, { signal }));
}

const recent = { limit: 100 };

// pick returns the report that represents the fleet, and the newest one. A report on selected stores, or as of another
// time, does not replace the one of the fleet.
function pick(reports) {
  const complete = reports.filter((r) => r.state === 'complete');
  const fleet = complete.filter((r) => !r.stores_asked);
  return [fleet.find((r) => !r.parameters.as_of) ?? fleet[0] ?? complete[0], complete[0]];
}

// watch redraws the page when a newer report is complete, and shows one in progress.
function watch(shown, signal, changed) {
  repeatQuietly(signal, async () => {
    const { reports } = await api.listReports(recent, signal);
    const line = document.getElementById('in-work');
    if (line) put(line, inProgress(reports.find((r) => r.state === 'running' || r.state === 'queued')));
    if (pick(reports).every((r, i) => r?.report_id === shown[i]?.report_id)) return true;
    await changed();
    return false;
  });
}

const repeatQuietly = (signal, call) => parts.repeat(4000, signal, call).catch(() => {});

function inProgress(report) {
  if (!report) return null;
  const { steps_done: done = 0, steps_total: total = 0 } = report.progress ?? {};
  const text = report.state === 'running' ? `report in progress: step ${done} of ${total}` : 'report waiting';
  return [' · ', h('a', { href: api.reportPath(report.report_id) }, text)];
}

async function nothingYet(main, signal) {
  const { files } = await api.dataFiles(signal);
  const inputs = files.filter((file) => file.set);
  put(
    main,
    parts.heading('Overview'),
    inputs.some((file) => file.set === 'status')
      ? parts.empty(
          'No report yet',
          `The data folder has ${f.plural(inputs.length, 'input file')}. A report takes seconds.`,
          parts.bigLinkButton('primary', '/reports', icon('play'), ' Make the first report'),
        )
      : parts.empty(
          'No data yet',
          'A report needs at least one file of status polls. Opening hours, time zones and planned closures make it accurate.',
          parts.bigLinkButton('primary', '/data', icon('upload'), ' Upload files'),
        ),
  );
}

const storesURL = (report, params) => `${api.reportPath(report.report_id)}/stores?${new URLSearchParams(params)}`;

async function draw(main, report, newest, signal) {
  const longest = report.fleet.reduce((a, b) => (b.open_seconds > a.open_seconds ? b : a));
  const window = longest.time_window;
  const byDowntime = { window, sort: 'downtime_seconds', order: 'desc' };
  const stores = (params) => api.stores(report.report_id, { window, ...params }, signal);
  const [down, downAndOpen, zones, trend, worst] = await Promise.all([
    stores({ status: 'down', limit: 1 }),
    stores({ status: 'down_and_open', limit: 1 }),
    api.zones(report.report_id, window, signal),
    api.trend(report.report_id, signal),
    stores({ ...byDowntime, limit: 10 }),
  ]);
  if (signal.aborted) return;
  const trendBox = h('div', {});
  const weekBox = h('div', {});
  const cards = report.fleet.slice(0, 6).map((w) => windowCard(report, w));
  put(
    main,
    header(report, newest),
    otherReports(report, newest),
    notices(report),
    h(
      'section',
      { class: 'cards', 'aria-label': 'Fleet uptime' },
      cards,
      nowCard(report, longest, down.total, downAndOpen.total),
    ),
    targetSection(report),
    h(
      'div',
      { class: 'row g-3' },
      panelColumn('col-lg-6', h('h2', {}, 'Trend'), trendBox),
      panelColumn('col-lg-6', weekBox),
      panelColumn('col-lg-6', worstStores(report, window, worst.stores)),
      panelColumn('col-lg-6', zoneTable(report, window, zones.zones)),
    ),
  );
  const windows = report.fleet.map((w) => w.time_window);
  trendChart(trendBox, trend.points, windows, signal).catch((error) => put(trendBox, parts.failure(error)));
  weekPicture(weekBox, report, storesURL(report, byDowntime));
}

function header(report, newest) {
  const name = report.report_id === newest.report_id ? 'Newest report' : 'Newest report of the fleet';
  const summary = parameterSummary(report);
  return parts.heading(
    'Overview',
    parts.subline(
      h('a', { href: api.reportPath(report.report_id) }, name),
      ', up to ',
      time(report.as_of),
      ' · ',
      h('a', { href: storesURL(report, {}) }, f.plural(report.stores, 'store')),
      summary && ` · ${summary}`,
      h('span', { id: 'in-work' }),
    ),
    parts.spacer(),
    parts.linkButton('primary', '/reports', icon('play'), ' New report'),
  );
}

// otherReports points out that the newest report differs, or that none covers all stores.
function otherReports(report, newest) {
  return [
    report.report_id !== newest.report_id &&
      parts.callout(
        'info mb-3',
        'circle-info',
        'The newest report has other parameters: ',
        h('a', { href: api.reportPath(newest.report_id) }, parametersText(newest)),
        '.',
      ),
    report.stores_asked &&
      parts.callout(
        'mb-3',
        'triangle-exclamation',
        `No complete report covers all stores. Shown is the report for ${parameterSummary(report)}. `,
        h('a', { href: '/reports' }, 'Make a report on all stores'),
      ),
  ];
}

function windowCard(report, w) {
  const link = (sort, order, text, tip) =>
    h('a', { class: 'num', href: storesURL(report, { window: w.time_window, sort, order }), 'data-tip': tip }, text);
  const outages = { window: w.time_window, status: 'outage', sort: 'outages', order: 'desc' };
  const coverage = `within ${report.parameters.fresh_within} of an observation\n${f.exactPercent(w.coverage)}`;
  const openStores = `${f.exactSeconds(w.open_seconds)}\n${f.plural(w.stores_open, 'store')} open at some time`;
  const amount = (sort, seconds, tip = f.exactSeconds(seconds)) => link(sort, 'desc', f.hours(seconds), tip);
  return h(
    'div',
    { class: 'panel card-window' },
    h('h2', {}, f.windowName(w.time_window)),
    uptime(report, w),
    w.uptime_ratio_min === null
      ? null
      : [
          boundsTrack(w),
          h(
            'p',
            { class: 'sub bounds' },
            'bounds ',
            link('uptime_min_seconds', 'asc', bounds(w).text, `from the observations alone\n${bounds(w).exact}`),
          ),
        ],
    h(
      'dl',
      { class: 'facts' },
      fact('covered', link('covered_seconds', 'asc', w.open_seconds ? f.percent(w.coverage, 1) : '', coverage)),
      fact('outages', h('a', { class: 'num', href: storesURL(report, outages) }, f.count(w.outages))),
      fact('down', amount('downtime_seconds', w.downtime_seconds)),
      fact('unknown', amount('unknown_seconds', w.unknown_seconds)),
      fact('open', amount('open_seconds', w.open_seconds, openStores)),
      w.planned_seconds > 0 && fact('planned', amount('planned_seconds', w.planned_seconds, plannedTip(w))),
    ),
  );
}

function uptime(report, w) {
  if (!w.open_seconds) return [h('span', { class: 'big' }, 'closed'), sub('no store is open in this window')];
  const href = storesURL(report, { window: w.time_window, sort: 'uptime_ratio', order: 'asc' });
  const exact = `uptime ${f.exactPercent(w.uptime_ratio)}\nof the known open time`;
  return [h('a', { class: 'big num', href, 'data-tip': exact }, f.percent(w.uptime_ratio)), sub('uptime of the fleet')];
}

const plannedTip = (w) => `closed by planned closures, not part of the open time\n${f.exactSeconds(w.planned_seconds)}`;
const fact = (name, content) => h('div', {}, h('dt', {}, name), h('dd', {}, content));

function nowCard(report, longest, down, downAndOpen) {
  const window = longest.time_window;
  const byDowntime = { sort: 'downtime_seconds', order: 'desc' };
  const total = (status, n, colour) =>
    h(
      'a',
      { class: `big num ${n ? colour : ''}`, href: storesURL(report, { window, status, ...byDowntime }) },
      f.count(n),
    );
  const openNow = h(
    'a',
    { href: storesURL(report, { window, status: 'down_and_open' }) },
    `${f.count(downAndOpen)} of them open then`,
  );
  return h(
    'div',
    { class: 'panel card-now' },
    h('h2', {}, 'At the end of the report'),
    h('div', { class: 'now' }, total('down', down, 'text-down'), sub('stores down when last open', h('br'), openNow)),
    h(
      'div',
      { class: 'now' },
      total('unknown', longest.stores_unknown, 'text-unknown'),
      sub(`stores with unknown status throughout the ${window.replaceAll('_', ' ')}`),
    ),
    h('p', { class: 'sub mb-0' }, 'as of ', time(report.as_of)),
  );
}

function worstStores(report, window, stores) {
  const down = stores.filter((store) => store.downtime_seconds > 0);
  const byDowntime = storesURL(report, { window, sort: 'downtime_seconds', order: 'desc' });
  const title = h('h2', {}, 'Worst stores', sub(` ${f.windowName(window).toLowerCase()}`));
  if (!down.length) return [panelHead(title), h('p', { class: 'text-body-secondary' }, 'No store was down.')];
  const wide = `wide ${shownFrom('sm')}`;
  const headings = [
    'Store',
    numeric('Down'),
    { hidden: 'Share of open time', class: wide },
    numeric('Uptime'),
    numeric('Outages', 'sm'),
    numeric('Longest', 'md'),
  ];
  const lines = down.map((store) =>
    row(
      rowHead(storeLink(report.report_id, store, `${store.store_id}\n${store.timezone}`)),
      numberCell(lengthOf(store.downtime_seconds)),
      cellOf(wide, splitBar(store)),
      numberCell(ratio(store.uptime_ratio, 1)),
      cellOf(`text-end num ${shownFrom('sm')}`, f.count(store.outages)),
      cellOf(`text-end ${shownFrom('md')}`, lengthOf(store.longest_outage_seconds)),
    ),
  );
  return [
    panelHead(title, h('a', { class: 'small', href: byDowntime }, 'all by downtime')),
    responsive(table(headings, lines)),
  ];
}
