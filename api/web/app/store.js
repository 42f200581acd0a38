// A store: why it has the numbers it has.
import * as api from './api.js';
import { Clock } from './clock.js';
import { h, icon, put } from './dom.js';
import * as f from './format.js';
import { go } from './main.js';
import {
  crumbs,
  failure,
  heading,
  lengthOf,
  loading,
  notices,
  ratio,
  splitBar,
  stacked,
  time,
  value,
  wide,
} from './parts.js';
import { daysPicture, legend } from './picture.js';

const week = 7 * 86400e3;

export async function show(main, { args: [id, name], query, signal, title }) {
  const [report, store] = await Promise.all([api.report(id, signal), api.store(id, name, signal)]);
  if (signal.aborted) return;
  title(name);
  const why = h('div', {}, loading('Working out why …')),
    clockBox = h('div', {});
  put(
    main,
    crumbs(
      ['/reports', 'Reports'],
      [api.reportPath(id), `Report ${f.reportName(id)}`],
      [`${api.reportPath(id)}/stores`, 'Stores'],
    ),
    heading(name, h('p', { class: 'sub' }, store.timezone, ' · up to ', time(report.as_of))),
    notices(report),
    measures(store, report),
    why,
    clockBox,
  );
  try {
    const x = await api.timeline(id, name, signal);
    if (signal.aborted) return;
    explain(why, clockBox, x, report, store, Math.max(0, Number.parseInt(query.get('week') ?? '0', 10) || 0));
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    put(why, failure(error, error.status ? null : () => go(location.pathname + location.search, { replace: true })));
  }
}

function measures(store, report) {
  return h(
    'section',
    { class: 'panel', 'aria-label': 'Measures' },
    wide(
      'Measures of the store',
      stacked(
        h(
          'table',
          { class: 'table table-sm dense measures mb-0' },
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              [
                'Window',
                'Uptime',
                null,
                'Up',
                'Down',
                'Unknown',
                'Open',
                'Up at least',
                'Up at most',
                'Covered',
                'Observations',
                'Outages',
                'Longest',
              ].map((text) =>
                text === null
                  ? h(
                      'th',
                      { scope: 'col', class: 'wide' },
                      h('span', { class: 'visually-hidden' }, 'Share of open time'),
                    )
                  : h('th', { scope: 'col', class: text === 'Window' ? null : 'text-end' }, text),
              ),
            ),
          ),
          h(
            'tbody',
            {},
            store.windows.map((m) =>
              h(
                'tr',
                {},
                h(
                  'th',
                  { scope: 'row' },
                  h(
                    'a',
                    { href: `${api.reportPath(report.report_id)}/stores?window=${m.time_window}` },
                    f.windowName(m.time_window),
                  ),
                ),
                h('td', { class: 'text-end' }, m.open_seconds ? ratio(m.uptime_ratio) : ''),
                h('td', { class: 'wide' }, splitBar(m)),
                [
                  m.uptime_seconds,
                  m.downtime_seconds,
                  m.unknown_seconds,
                  m.open_seconds,
                  m.uptime_min_seconds,
                  m.uptime_max_seconds,
                ].map((n) => h('td', { class: 'text-end' }, lengthOf(n))),
                h(
                  'td',
                  { class: 'text-end' },
                  m.open_seconds
                    ? value(
                        f.percent(m.covered_seconds / m.open_seconds, 1),
                        `${f.exactSeconds(m.covered_seconds)} within ${report.parameters.fresh_within} of an observation`,
                        { class: 'num' },
                      )
                    : '',
                ),
                [m.observations, m.outages].map((n) => h('td', { class: 'text-end num' }, f.count(n))),
                h('td', { class: 'text-end' }, lengthOf(m.longest_outage_seconds)),
              ),
            ),
          ),
        ),
      ),
    ),
    store.windows.some((m) => m.uptime_seconds < m.uptime_min_seconds)
      ? h(
          'p',
          { class: 'sub mb-0 mt-2' },
          `“Up at least” takes the time between two active observations for certain. “Up” is less where part of it counts as unknown${report.parameters.max_gap ? `, here what is more than ${report.parameters.max_gap} away from the observation that it would take its status from` : ''}.`,
        )
      : null,
  );
}

function explain(box, after, x, report, store, back) {
  const clock = new Clock(x.clock);
  const asOf = f.instant(x.as_of),
    begins = f.instant(x.starts_at);
  const end = asOf - back * week,
    starts = Math.max(begins, end - week);
  const link = (n) => `${api.storePath(report.report_id, store.store_id)}${n ? `?week=${n}` : ''}`;
  const phone = matchMedia('(max-width: 575px)').matches;
  put(
    box,
    x.inputs_changed
      ? h(
          'div',
          { class: 'notice mb-3' },
          icon('triangle-exclamation'),
          h(
            'div',
            {},
            'The input files have changed since this report was made. The picture is of the files as they are now; the numbers above are those of the report.',
          ),
        )
      : null,
    x.defaults.length
      ? h(
          'div',
          { class: 'notice info mb-3' },
          icon('circle-info'),
          h(
            'div',
            {},
            x.defaults.map((text) => h('div', {}, `Assumed: ${text.replace(/^stores/, 'store')}`)),
          ),
        )
      : null,
    h(
      'section',
      { class: 'panel', 'aria-label': 'Seven days' },
      h(
        'div',
        { class: 'panel-head' },
        h(
          'h2',
          {},
          'Seven days',
          h(
            'span',
            { class: 'sub' },
            ` ${clock.time(starts)} to ${clock.time(end)}, ${store.timezone} (${clock.zone(end)})`,
          ),
        ),
        h(
          'span',
          {},
          starts > begins
            ? h(
                'a',
                { class: 'btn btn-sm btn-outline-secondary', href: link(back + 1) },
                icon('chevron-left'),
                ' Week before',
              )
            : null,
          ' ',
          back
            ? h(
                'a',
                { class: 'btn btn-sm btn-outline-secondary', href: link(back - 1) },
                'Week after ',
                icon('chevron-right'),
              )
            : null,
        ),
      ),
      end <= begins
        ? h('p', {}, 'The report does not reach back this far.')
        : daysPicture(x, clock, starts, end, phone ? 40 : 44),
      legend(),
      asTable(x, clock, starts, end),
    ),
  );
  put(
    after,
    h(
      'div',
      { class: 'row g-3' },
      h(
        'section',
        { class: 'col-lg-7' },
        h(
          'div',
          { class: 'panel' },
          h('h2', {}, 'Outages'),
          outages(x.inputs_changed ? store.outages : x.outages, clock, isCut(x, report)),
        ),
      ),
      h(
        'section',
        { class: 'col-lg-5' },
        h('div', { class: 'panel' }, h('h2', {}, 'Opening hours'), openingHours(x, clock, report)),
      ),
    ),
  );
}

function asTable(x, clock, starts, end) {
  const rows = x.timeline.filter((t) => f.instant(t.ends_at) > starts && f.instant(t.starts_at) < end);
  return h(
    'details',
    { class: 'small' },
    h('summary', {}, `The same as a table: ${f.plural(rows.length, 'stretch', 'stretches')} of open time`),
    h(
      'div',
      { class: 'table-responsive scroll', tabindex: 0, role: 'region', 'aria-label': 'Stretches of open time' },
      h(
        'table',
        { class: 'table table-sm dense' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ['From (store’s clock)', 'UTC', 'Status', 'Length', 'Why'].map((t) => h('th', { scope: 'col' }, t)),
          ),
        ),
        h(
          'tbody',
          {},
          rows.map((t) =>
            h(
              'tr',
              {},
              h('td', { class: 'num' }, clock.time(f.instant(t.starts_at), true)),
              h('td', { class: 'num' }, f.wallClock(f.instant(t.starts_at), true)),
              h('td', {}, h('span', { class: `key ${t.status}`, 'aria-hidden': 'true' }), ` ${t.status}`),
              h('td', {}, lengthOf(t.seconds)),
              h('td', {}, t.rule, t.certain ? '' : '; left open by the observations alone'),
            ),
          ),
        ),
      ),
    ),
  );
}

// isCut tells of an outage whether the longest window may have cut off its beginning: no open time of
// that window lies before it.
function isCut(x, report) {
  const begins =
    f.instant(x.as_of) - 1000 * Math.max(...report.parameters.windows.map((w) => f.lengthSeconds(w.length)));
  return (o) =>
    !x.timeline.some((t) => f.instant(t.ends_at) > begins && f.instant(t.starts_at) < f.instant(o.started_at));
}

function outages(list, clock, cut) {
  if (!list.length) return h('p', { class: 'text-body-secondary' }, 'None in the longest window.');
  return h(
    'div',
    { class: 'table-responsive scroll', tabindex: 0, role: 'region', 'aria-label': 'Outages' },
    h(
      'table',
      { class: 'table table-sm dense' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ['From', 'To', 'Open time in it'].map((t, i) =>
            h('th', { scope: 'col', class: i === 2 ? 'text-end' : null }, t),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        list.toReversed().map((o) => {
          const at = (text) =>
            h(
              'time',
              { datetime: text.replace(' ', 'T'), class: 'num', 'data-tip': text },
              clock.time(f.instant(text)),
              h('span', { class: 'sub' }, ` ${f.wallClock(f.instant(text))} UTC`),
            );
          return h(
            'tr',
            {},
            h(
              'td',
              {},
              at(o.started_at),
              cut(o)
                ? h(
                    'span',
                    {
                      class: 'badge text-bg-secondary ms-1',
                      'data-tip': 'The longest window of the report begins here.\nWhat was before it is not looked at.',
                    },
                    'or before',
                  )
                : null,
            ),
            h(
              'td',
              {},
              at(o.ended_at),
              o.ongoing ? h('span', { class: 'badge text-bg-danger ms-1' }, 'goes on') : null,
            ),
            h('td', { class: 'text-end' }, lengthOf(o.open_seconds)),
          );
        }),
      ),
    ),
  );
}

function openingHours(x, clock, report) {
  const zone = h(
    'p',
    { class: 'sub' },
    x.timezone,
    ', ',
    clock.zone(f.instant(x.as_of)),
    clock.changes.map((c) => h('span', {}, `; the clock changes at ${f.utc(new Date(c.at).toISOString())}`)),
  );
  if (!x.hours.length)
    return [zone, h('p', {}, 'Open 24 hours on 7 days: the data has no opening hours for this store.')];
  const short = (text) => text.replace(/:00$/, '');
  return [
    zone,
    h(
      'table',
      { class: 'table table-sm dense' },
      h(
        'tbody',
        {},
        f.weekdays.map((day, i) => {
          const rows = x.hours.filter((row) => row.weekday === i);
          return h(
            'tr',
            {},
            h('th', { scope: 'row' }, day),
            h(
              'td',
              { class: 'num' },
              rows.length
                ? rows.map((row) =>
                    h(
                      'div',
                      {},
                      `${short(row.opens)} to ${short(row.closes)}`,
                      row.closes <= row.opens ? h('span', { class: 'sub' }, ' the next day') : null,
                    ),
                  )
                : h('span', { class: 'muted' }, 'closed'),
            ),
          );
        }),
      ),
    ),
    h('p', { class: 'sub' }, `Holes of at most ${report.parameters.join_gap} are open.`),
  ];
}
