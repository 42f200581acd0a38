// Two reports side by side: what they ask, what the fleet did, which stores changed and by how much.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import * as f from './format.js';
import { go } from './main.js';
import { ago, crumbs, empty, heading, notices, pager, stacked, time, value, wide, windowPicker } from './parts.js';

const limit = 50;

export async function show(main, { args: [a, b], query, signal, title }) {
  const [left, right] = await Promise.all([api.report(a, signal), api.report(b, signal)]);
  for (const r of [left, right])
    if (r.state !== 'complete') {
      put(
        main,
        empty(
          'Not to be compared',
          `Report ${r.report_id} is ${r.state}.`,
          h('a', { href: '/reports', class: 'btn btn-outline-secondary' }, 'To the reports'),
        ),
      );
      return;
    }
  const windows = [...new Set([...left.fleet, ...right.fleet].map((w) => w.time_window))];
  const both = windows.filter((name) => [left, right].every((r) => r.fleet.some((w) => w.time_window === name)));
  const window = query.get('window') ?? both.at(-1) ?? windows.at(-1);
  const offset = Math.max(0, Number.parseInt(query.get('offset') ?? '0', 10) || 0);
  const d = await api.diff(a, b, { window, limit, offset }, signal);
  if (signal.aborted) return;
  title('Compare reports');
  const link = (change) =>
    `${api.reportPath(a)}/compare/${encodeURIComponent(b)}?${new URLSearchParams(Object.entries({ window, ...change }).filter(([, v]) => v !== 0))}`;
  put(
    main,
    crumbs(['/reports', 'Reports']),
    heading(
      'Two reports',
      h('span', { class: 'flex-grow-1' }),
      h(
        'a',
        { class: 'btn btn-sm btn-outline-secondary', href: `${api.reportPath(b)}/compare/${encodeURIComponent(a)}` },
        icon('arrows-rotate'),
        ' Swap',
      ),
    ),
    h(
      'div',
      { class: 'row g-3' },
      side('A', left),
      side('B', right),
      h(
        'section',
        { class: 'col-12' },
        h('div', { class: 'panel' }, h('h2', {}, 'Fleet'), fleet(left, right, windows)),
      ),
      h('section', { class: 'col-12' }, h('div', { class: 'panel' }, h('h2', {}, 'What they are made of'), causes(d))),
      h(
        'section',
        { class: 'col-12' },
        h(
          'div',
          { class: 'panel' },
          h(
            'div',
            { class: 'panel-head' },
            h('h2', {}, 'Stores'),
            windowPicker(windows, window, (name) => go(link({ window: name }))),
          ),
          ...(both.includes(window)
            ? [counts(d), rows(d, a, b)]
            : [
                h(
                  'p',
                  {},
                  `${left.fleet.some((w) => w.time_window === window) ? 'Report B' : 'Report A'} has no window “${f.windowName(window).toLowerCase()}”: nothing is to be compared in it.`,
                ),
              ]),
          (both.includes(window) && d.total > limit) || offset
            ? pager(d.total, offset, limit, (at) => link({ offset: at }))
            : null,
        ),
      ),
    ),
  );
}

const side = (letter, r) =>
  h(
    'section',
    { class: 'col-sm-6', 'aria-label': `Report ${letter}` },
    h(
      'div',
      { class: 'panel' },
      h(
        'h2',
        {},
        letter,
        ' ',
        h('a', { href: api.reportPath(r.report_id), 'data-tip': r.report_id }, `Report ${f.reportName(r.report_id)}`),
      ),
      h('p', { class: 'mb-0' }, 'up to ', time(r.as_of)),
      h('p', { class: 'sub mb-0' }, f.plural(r.stores, 'store'), ', made ', ago(r.created_at)),
      notices(r),
    ),
  );

// points is a difference of ratios, in points of a percent.
function points(x, y) {
  if (x == null || y == null) return '';
  const by = (y - x) * 100;
  const sign = by > 0 ? '+' : by < 0 ? '−' : '';
  return value(`${sign}${Math.abs(by).toFixed(2)} pt`, `${sign}${Math.abs(by).toFixed(6)} points of a percent`, {
    class: `num ${by < -0.005 ? 'text-down' : by > 0.005 ? 'text-up' : 'muted'}`,
  });
}

function by(x, y, worse) {
  if (x == null && y == null) return '';
  const n = (y ?? 0) - (x ?? 0);
  const sign = n > 0 ? '+' : n < 0 ? '−' : '';
  const text = n === 0 ? '0' : `${sign}${f.length(Math.abs(n))}`;
  return value(
    text,
    `${x == null ? 'not there' : f.exactSeconds(x)}, then ${y == null ? 'not there' : f.exactSeconds(y)}`,
    { class: `num ${n === 0 ? 'muted' : worse && n > 0 ? 'text-down' : worse && n < 0 ? 'text-up' : ''}` },
  );
}

function fleet(left, right, windows) {
  const of = (r, name) => r.fleet.find((w) => w.time_window === name);
  return wide(
    'Fleet in both reports',
    stacked(
      h(
        'table',
        { class: 'table table-sm dense mb-0' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            [
              'Window',
              'Uptime A',
              'Uptime B',
              'Change',
              'Down A',
              'Down B',
              'Unknown A',
              'Unknown B',
              'Covered A',
              'Covered B',
            ].map((t, i) => h('th', { scope: 'col', class: i ? 'text-end' : null }, t)),
          ),
        ),
        h(
          'tbody',
          {},
          windows.map((name) => {
            const [x, y] = [of(left, name), of(right, name)];
            const cell = (what) => h('td', { class: 'text-end num' }, what);
            return h(
              'tr',
              {},
              h('th', { scope: 'row' }, f.windowName(name)),
              cell(x ? f.percent(x.uptime_ratio) : ''),
              cell(y ? f.percent(y.uptime_ratio) : ''),
              h('td', { class: 'text-end num alone' }, points(x?.uptime_ratio, y?.uptime_ratio)),
              cell(x ? f.hours(x.downtime_seconds) : ''),
              cell(y ? f.hours(y.downtime_seconds) : ''),
              cell(x ? f.hours(x.unknown_seconds) : ''),
              cell(y ? f.hours(y.unknown_seconds) : ''),
              cell(x ? f.percent(x.coverage, 1) : ''),
              cell(y ? f.percent(y.coverage, 1) : ''),
            );
          }),
        ),
      ),
    ),
  );
}

function causes(d) {
  const plain = (text) =>
    text === 'null'
      ? 'no limit'
      : text
        ? text.replaceAll('"', '').replace(/, sha256 ([0-9a-f]{8})[0-9a-f]+/, ', sha256 $1…')
        : 'none';
  const list = [...(d.as_of ? [d.as_of] : []), ...(d.parameters ?? []), ...(d.inputs ?? [])];
  if (!list.length) return h('p', { class: 'mb-0' }, 'Same inputs, parameters and as_of.');
  return wide(
    'What they are made of',
    h(
      'table',
      { class: 'table table-sm dense mb-0' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ['', 'A', 'B'].map((t) => h('th', { scope: 'col' }, t || h('span', { class: 'visually-hidden' }, 'What'))),
        ),
      ),
      h(
        'tbody',
        {},
        list.map((c) =>
          h('tr', {}, h('th', { scope: 'row' }, c.name), h('td', {}, plain(c.a)), h('td', {}, plain(c.b))),
        ),
      ),
    ),
  );
}

const counts = (d) =>
  h(
    'p',
    {},
    d.total === 0
      ? 'No store differs in this window.'
      : [
          h('strong', {}, f.plural(d.total, 'store')),
          ` ${d.total === 1 ? 'differs' : 'differ'}: ${f.count(d.more_downtime)} with more downtime, ${f.count(d.less_downtime)} with less`,
          d.only_in_a ? `, ${f.count(d.only_in_a)} only in A` : '',
          d.only_in_b ? `, ${f.count(d.only_in_b)} only in B` : '',
          '. The largest change of downtime comes first.',
        ],
  );

const uptime = (up, down) => (up == null || up + down === 0 ? null : up / (up + down));

function rows(d, a, b) {
  if (!d.rows?.length) return null;
  return h(
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
          ['Store', 'Uptime A', 'Uptime B', 'Change', 'Down', 'Up', 'Unknown', 'Open'].map((t, i) =>
            h(
              'th',
              {
                scope: 'col',
                class:
                  [
                    i ? 'text-end' : '',
                    i > 4 ? 'd-none d-md-table-cell' : '',
                    i === 1 || i === 2 ? 'd-none d-sm-table-cell' : '',
                  ]
                    .join(' ')
                    .trim() || null,
              },
              t,
            ),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        d.rows.map((r) => {
          const [x, y] = [
            uptime(r.a_uptime_seconds, r.a_downtime_seconds),
            uptime(r.b_uptime_seconds, r.b_downtime_seconds),
          ];
          const there = r.change === 'only in a' ? a : b;
          return h(
            'tr',
            {},
            h(
              'th',
              { scope: 'row' },
              h(
                'a',
                { class: 'id', href: api.storePath(there, r.store_id), 'data-tip': r.store_id },
                f.shortID(r.store_id),
              ),
              r.change === 'changed' ? null : h('span', { class: 'sub' }, ` only in ${r.change.at(-1).toUpperCase()}`),
            ),
            h('td', { class: 'text-end num d-none d-sm-table-cell' }, r.change === 'only in b' ? '' : f.percent(x)),
            h('td', { class: 'text-end num d-none d-sm-table-cell' }, r.change === 'only in a' ? '' : f.percent(y)),
            h('td', { class: 'text-end' }, points(x, y)),
            h(
              'td',
              { class: 'text-end' },
              by(r.a_downtime_seconds, r.b_downtime_seconds, r.a_unknown_seconds === r.b_unknown_seconds), // less of it is no good news where less is known
              h(
                'div',
                { class: 'sub d-md-none' },
                r.a_unknown_seconds === r.b_unknown_seconds
                  ? null
                  : ['unknown ', by(r.a_unknown_seconds, r.b_unknown_seconds)],
              ),
            ),
            h('td', { class: 'text-end d-none d-md-table-cell' }, by(r.a_uptime_seconds, r.b_uptime_seconds)),
            h('td', { class: 'text-end d-none d-md-table-cell' }, by(r.a_unknown_seconds, r.b_unknown_seconds)),
            h('td', { class: 'text-end d-none d-md-table-cell' }, by(r.a_open_seconds, r.b_open_seconds)),
          );
        }),
      ),
    ),
  );
}
