// Overview: the fleet in the newest report.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import * as f from './format.js';
import {
  boundsTrack,
  empty,
  failure,
  heading,
  hoursOf,
  lengthOf,
  notices,
  ratio,
  repeat,
  splitBar,
  time,
  value,
} from './parts.js';
import { asked } from './asked.js';
import { trendChart } from './trend.js';
import { weekPicture } from './week.js';

export async function show(main, { signal }) {
  const [fleet, newest] = chosen((await api.listReports(some, signal)).reports);
  if (fleet) await draw(main, await api.report(fleet.report_id, signal), newest, signal);
  else await nothingYet(main, signal);
  watch([fleet, newest], signal, () => show(main, { signal }));
}

const some = { limit: 100 };

// chosen is the report that stands for the fleet, and the newest of all: somebody's question about a few
// stores or another time must not take its place.
function chosen(reports) {
  const complete = reports.filter((r) => r.state === 'complete'),
    fleet = complete.filter((r) => !r.parameters.stores);
  return [fleet.find((r) => !r.parameters.as_of) ?? fleet[0] ?? complete[0], complete[0]];
}

// watch shows the next report when there is one: the page may stay open for days.
function watch(shown, signal, changed) {
  repeat(4000, signal, async () => {
    const { reports } = await api.listReports(some, signal);
    const waits = reports.find((r) => r.state === 'running' || r.state === 'queued');
    const line = document.getElementById('in-work');
    if (line)
      put(
        line,
        waits
          ? [
              ' · ',
              h(
                'a',
                { href: api.reportPath(waits.report_id) },
                waits.state === 'running'
                  ? `a report is made: step ${waits.progress?.steps_done ?? 0} of ${waits.progress?.steps_total ?? 0}`
                  : 'a report waits',
              ),
            ]
          : null,
      );
    if (chosen(reports).every((r, i) => r?.report_id === shown[i]?.report_id)) return true;
    await changed();
    return false;
  }).catch(() => {});
}

async function nothingYet(main, signal) {
  const { files } = await api.dataFiles(signal);
  const ready = files.some((file) => file.set === 'status');
  put(
    main,
    heading('Overview'),
    ready
      ? empty(
          'No report yet',
          `The data folder holds ${f.plural(files.filter((x) => x.set).length, 'file')}. A report of them takes seconds.`,
          h('a', { class: 'btn btn-primary', href: '/reports' }, icon('play'), ' Make the first report'),
        )
      : empty(
          'No data yet',
          'A report needs at least one file of status polls; opening hours and time zones make it exact.',
          h('a', { class: 'btn btn-primary', href: '/data' }, icon('upload'), ' Put files in'),
        ),
  );
}

const list = (report, params) => `${api.reportPath(report.report_id)}/stores?${new URLSearchParams(params)}`;

async function draw(main, report, newest, signal) {
  const windows = report.fleet.map((w) => w.time_window);
  const longest = report.fleet.reduce((a, b) => (b.open_seconds > a.open_seconds ? b : a));
  const number = (params) => api.stores(report.report_id, { ...params, limit: 1 }, signal).then((page) => page.total);
  const [down, downOpen, zones, trend, worstPage] = await Promise.all([
    number({ status: 'down', window: longest.time_window }),
    number({ status: 'down_and_open', window: longest.time_window }),
    api.zones(report.report_id, longest.time_window, signal),
    api.trend(report.report_id, signal),
    api.stores(
      report.report_id,
      { window: longest.time_window, sort: 'downtime_seconds', order: 'desc', limit: 10 },
      signal,
    ),
  ]);
  if (signal.aborted) return;
  const trendBox = h('div', {}),
    weekBox = h('div', {});
  put(
    main,
    heading(
      'Overview',
      h(
        'p',
        { class: 'sub' },
        h(
          'a',
          { href: api.reportPath(report.report_id) },
          report.report_id === newest.report_id ? 'Newest report' : 'Newest report of the fleet',
        ),
        ', up to ',
        time(report.as_of),
        ' · ',
        h('a', { href: list(report, {}) }, f.plural(report.stores, 'store')),
        asked(report.parameters) === 'the defaults' ? '' : ` · ${asked(report.parameters)}`,
        h('span', { id: 'in-work' }),
      ),
      h('span', { class: 'flex-grow-1' }),
      h('a', { class: 'btn btn-sm btn-primary', href: '/reports' }, icon('play'), ' New report'),
    ),
    report.report_id === newest.report_id
      ? null
      : h(
          'div',
          { class: 'notice info mb-3' },
          icon('circle-info'),
          h(
            'div',
            {},
            'The newest report of all asks something else: ',
            h('a', { href: api.reportPath(newest.report_id) }, asked(newest.parameters)),
            '.',
          ),
        ),
    report.parameters.stores
      ? h(
          'div',
          { class: 'notice mb-3' },
          icon('triangle-exclamation'),
          h(
            'div',
            {},
            `This is no report of the fleet: it was asked for ${asked(report.parameters)}. `,
            h('a', { href: '/reports' }, 'Make one of all stores'),
          ),
        )
      : null,
    notices(report),
    h(
      'section',
      { class: 'cards', 'aria-label': 'Fleet uptime' },
      report.fleet.slice(0, 6).map((w) => windowCard(report, w)),
      nowCard(report, longest, down, downOpen),
    ),
    h(
      'div',
      { class: 'row g-3' },
      h('section', { class: 'col-lg-6' }, h('div', { class: 'panel' }, h('h2', {}, 'Trend'), trendBox)),
      h('section', { class: 'col-lg-6' }, h('div', { class: 'panel' }, weekBox)),
      h(
        'section',
        { class: 'col-lg-6' },
        h(
          'div',
          { class: 'panel' },
          worst(
            report,
            longest.time_window,
            worstPage.stores.filter((x) => x.downtime_seconds > 0),
          ),
        ),
      ),
      h(
        'section',
        { class: 'col-lg-6' },
        h('div', { class: 'panel' }, zoneTable(report, longest.time_window, zones.zones)),
      ),
    ),
  );
  trendChart(trendBox, trend.points, windows, signal).catch((error) => put(trendBox, failure(error)));
  weekPicture(weekBox, report, list(report, { window: longest.time_window, sort: 'downtime_seconds', order: 'desc' }));
}

function windowCard(report, w) {
  const link = (params) => list(report, { window: w.time_window, ...params });
  return h(
    'div',
    { class: 'panel card-window' },
    h('h2', {}, f.windowName(w.time_window)),
    w.open_seconds
      ? [
          h(
            'a',
            {
              class: 'big num',
              href: link({ sort: 'uptime_ratio', order: 'asc' }),
              'data-tip': `uptime ${f.exactPercent(w.uptime_ratio)}\nof the time that is known`,
            },
            f.percent(w.uptime_ratio),
          ),
          h('span', { class: 'sub' }, 'uptime of the fleet'),
        ]
      : [h('span', { class: 'big' }, 'closed'), h('span', { class: 'sub' }, 'no store is open in it')],
    w.uptime_ratio_min === null
      ? null
      : [
          boundsTrack(w.uptime_ratio_min, w.uptime_ratio_max, w.uptime_ratio),
          h(
            'p',
            { class: 'sub bounds' },
            'bounds ',
            h(
              'a',
              {
                class: 'num',
                href: link({ sort: 'uptime_min_seconds', order: 'asc' }),
                'data-tip': `what the observations alone allow\n${f.exactPercent(w.uptime_ratio_min)} to ${f.exactPercent(w.uptime_ratio_max)}`,
              },
              `${(w.uptime_ratio_min * 100).toFixed(1)} to ${(w.uptime_ratio_max * 100).toFixed(1)} %`,
            ),
          ),
        ],
    h(
      'dl',
      { class: 'facts' },
      fact(
        'covered',
        h(
          'a',
          {
            class: 'num',
            href: link({ sort: 'covered_seconds', order: 'asc' }),
            'data-tip': `within ${report.parameters.fresh_within} of an observation\n${f.exactPercent(w.coverage)}`,
          },
          w.open_seconds ? f.percent(w.coverage, 1) : '',
        ),
      ),
      fact(
        'outages',
        h('a', { class: 'num', href: link({ status: 'outage', sort: 'outages', order: 'desc' }) }, f.count(w.outages)),
      ),
      fact(
        'down',
        h(
          'a',
          {
            class: 'num',
            href: link({ sort: 'downtime_seconds', order: 'desc' }),
            'data-tip': f.exactSeconds(w.downtime_seconds),
          },
          f.hours(w.downtime_seconds),
        ),
      ),
      fact(
        'unknown',
        h(
          'a',
          {
            class: 'num',
            href: link({ sort: 'unknown_seconds', order: 'desc' }),
            'data-tip': f.exactSeconds(w.unknown_seconds),
          },
          f.hours(w.unknown_seconds),
        ),
      ),
      fact(
        'open',
        h(
          'a',
          {
            class: 'num',
            href: link({ sort: 'open_seconds', order: 'desc' }),
            'data-tip': `${f.exactSeconds(w.open_seconds)}\n${f.plural(w.stores_open, 'store')} open at some time`,
          },
          f.hours(w.open_seconds),
        ),
      ),
    ),
  );
}

const fact = (name, what) => h('div', {}, h('dt', {}, name), h('dd', {}, what));

function nowCard(report, longest, down, downOpen) {
  const link = (status, text, kind) =>
    h(
      'a',
      {
        class: `big num ${kind}`,
        href: list(report, { window: longest.time_window, status, sort: 'downtime_seconds', order: 'desc' }),
      },
      f.count(text),
    );
  return h(
    'div',
    { class: 'panel card-now' },
    h('h2', {}, 'At the end of the report'),
    h(
      'div',
      { class: 'now' },
      link('down', down, down ? 'text-down' : ''),
      h(
        'span',
        { class: 'sub' },
        'stores down when last open',
        h('br'),
        h(
          'a',
          { href: list(report, { window: longest.time_window, status: 'down_and_open' }) },
          `${f.count(downOpen)} of them open then`,
        ),
      ),
    ),
    h(
      'div',
      { class: 'now' },
      link('unknown', longest.stores_unknown, longest.stores_unknown ? 'text-unknown' : ''),
      h(
        'span',
        { class: 'sub' },
        `stores of which nothing is known in the ${longest.time_window.replaceAll('_', ' ')}`,
      ),
    ),
    h('p', { class: 'sub mb-0' }, 'as of ', time(report.as_of)),
  );
}

function worst(report, window, stores) {
  const all = stores.length
    ? h(
        'a',
        { class: 'small', href: list(report, { window, sort: 'downtime_seconds', order: 'desc' }) },
        'all by downtime',
      )
    : null;
  return [
    h(
      'div',
      { class: 'panel-head' },
      h('h2', {}, 'Worst stores', h('span', { class: 'sub' }, ` ${f.windowName(window).toLowerCase()}`)),
      all,
    ),
    stores.length === 0
      ? h('p', { class: 'text-body-secondary' }, 'No store was down.')
      : h(
          'div',
          { class: 'table-responsive' },
          h(
            'table',
            { class: 'table table-sm dense' },
            h(
              'thead',
              {},
              h(
                'tr',
                {},
                h('th', { scope: 'col' }, 'Store'),
                h('th', { scope: 'col', class: 'text-end' }, 'Down'),
                h(
                  'th',
                  { scope: 'col', class: 'wide d-none d-sm-table-cell' },
                  h('span', { class: 'visually-hidden' }, 'Share of open time'),
                ),
                h('th', { scope: 'col', class: 'text-end' }, 'Uptime'),
                h('th', { scope: 'col', class: 'text-end d-none d-sm-table-cell' }, 'Outages'),
                h('th', { scope: 'col', class: 'text-end d-none d-md-table-cell' }, 'Longest'),
              ),
            ),
            h(
              'tbody',
              {},
              stores.map((s) =>
                h(
                  'tr',
                  {},
                  h(
                    'th',
                    { scope: 'row' },
                    h(
                      'a',
                      {
                        class: 'id',
                        href: api.storePath(report.report_id, s.store_id),
                        'data-tip': `${s.store_id}\n${s.timezone}`,
                      },
                      f.shortID(s.store_id),
                    ),
                  ),
                  h('td', { class: 'text-end' }, lengthOf(s.downtime_seconds)),
                  h('td', { class: 'wide d-none d-sm-table-cell' }, splitBar(s)),
                  h('td', { class: 'text-end' }, ratio(s.uptime_ratio, 1)),
                  h('td', { class: 'text-end num d-none d-sm-table-cell' }, f.count(s.outages)),
                  h('td', { class: 'text-end d-none d-md-table-cell' }, lengthOf(s.longest_outage_seconds)),
                ),
              ),
            ),
          ),
        ),
  ];
}

export function zoneTable(report, window, zones) {
  const lowest = Math.min(1, ...zones.map((z) => z.uptime_ratio ?? 1));
  const from = Math.max(0, Math.floor((lowest - 0.005) * 100) / 100);
  return [
    h(
      'div',
      { class: 'panel-head' },
      h('h2', {}, 'Uptime by zone', h('span', { class: 'sub' }, ` ${f.windowName(window).toLowerCase()}`)),
      h('span', { class: 'small text-body-secondary' }, `bars from ${f.percent(from, 0)}`),
    ),
    h(
      'div',
      { class: 'table-responsive' },
      h(
        'table',
        { class: 'table table-sm dense' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, 'Zone'),
            h('th', { scope: 'col', class: 'text-end' }, 'Stores'),
            h(
              'th',
              { scope: 'col', class: 'wide d-none d-sm-table-cell' },
              h('span', { class: 'visually-hidden' }, 'Bar'),
            ),
            h('th', { scope: 'col', class: 'text-end' }, 'Uptime'),
            h('th', { scope: 'col', class: 'text-end' }, 'Down'),
          ),
        ),
        h(
          'tbody',
          {},
          zones.map((z) =>
            h(
              'tr',
              {},
              h(
                'th',
                { scope: 'row' },
                h(
                  'a',
                  { href: list(report, { window, zone: z.timezone, sort: 'downtime_seconds', order: 'desc' }) },
                  z.timezone.split('/').flatMap((part, i) => (i ? ['/', h('wbr'), part] : [part])),
                ),
              ),
              h('td', { class: 'text-end num' }, f.count(z.stores)),
              h(
                'td',
                { class: 'wide d-none d-sm-table-cell' },
                z.uptime_ratio === null
                  ? null
                  : h(
                      'span',
                      { class: 'meter', 'aria-hidden': 'true' },
                      h('span', { style: { width: `${((z.uptime_ratio - from) / (1 - from)) * 100}%` } }),
                    ),
              ),
              h(
                'td',
                { class: 'text-end' },
                value(
                  z.open_seconds ? f.percent(z.uptime_ratio) : 'closed',
                  z.uptime_ratio === null
                    ? 'nothing is known'
                    : `${f.exactPercent(z.uptime_ratio)}\nbounds ${f.percent(z.uptime_ratio_min)} to ${f.percent(z.uptime_ratio_max)}\ncovered ${f.percent(z.coverage)}`,
                  { class: 'num' },
                ),
              ),
              h('td', { class: 'text-end' }, hoursOf(z.downtime_seconds)),
            ),
          ),
        ),
      ),
    ),
  ];
}
