// A report: its progress while it is made, then what it says of the fleet and of the data.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import * as f from './format.js';
import { go } from './main.js';
import { zoneTable } from './overview.js';
import {
  ago,
  boundsTrack,
  confirmed,
  crumbs,
  downloadLink,
  failure,
  findingList,
  heading,
  hoursOf,
  notices,
  progress,
  ratio,
  repeat,
  splitBar,
  stacked,
  stateBadge,
  time,
  value,
  wide,
  windowPicker,
} from './parts.js';
import { asked } from './asked.js';
import { triggerForm } from './trigger.js';

export async function show(main, { args: [id], query, signal, title }) {
  const report = await api.report(id, signal);
  if (signal.aborted) return;
  title(`Report ${f.reportName(id)}`);
  if (report.state === 'complete') await complete(main, report, query, signal);
  else await unfinished(main, report, query, signal, title);
}

async function unfinished(main, report, query, signal, title) {
  const id = report.report_id;
  const box = h('div', { class: 'panel' });
  put(main, crumbs(['/reports', 'Reports']), heading(`Report ${f.reportName(id)}`, h('p', { class: 'sub' }, id)), box);
  const badge = h('span', {});
  const steps = h('div', {});
  let drawn;
  const waiting = (r) => r.state === 'queued' || r.state === 'running';
  const renew = (r) => {
    put(
      badge,
      stateBadge(r.state),
      r.tries > 1
        ? h('span', { class: 'text-body-secondary' }, ` try ${r.tries}, the server was stopped meanwhile;`)
        : null,
    );
    put(steps, waiting(r) ? progress(r) : null);
  };
  const draw = (r) => {
    const wrong = h('div', {});
    const act = async () => {
      try {
        await api.removeReport(id);
        draw(await api.report(id, signal));
      } catch (error) {
        put(wrong, failure(error));
      }
    };
    drawn = r.state;
    renew(r);
    put(
      box,
      h(
        'p',
        {},
        badge,
        ' ',
        h('span', { class: 'text-body-secondary' }, 'asked for ', ago(r.created_at), `: ${asked(r.parameters)}`),
      ),
      waiting(r)
        ? [
            steps,
            h(
              'p',
              { class: 'mt-3 mb-0' },
              confirmed('Cancel', 'Really cancel?', act),
              h('span', { class: 'sub ms-2' }, 'This page may be closed or reloaded; the report goes on.'),
            ),
          ]
        : [
            h(
              'p',
              { class: r.state === 'failed' ? 'text-danger fw-semibold' : '' },
              r.state === 'failed' ? ['What went wrong: ', r.error] : 'It was cancelled; it has no files.',
            ),
            h('p', {}, h('a', { href: '/data' }, 'Look at the data'), ' or ask again:'),
            triggerForm((a) => go(api.reportPath(a.report_id)), { open: true, preset: r.parameters }),
          ],
      wrong,
    );
  };
  draw(report);
  if (report.state === 'failed' || report.state === 'cancelled') return;
  repeat(600, signal, async () => {
    const r = await api.report(id, signal);
    if (r.state === 'complete') {
      await show(main, { args: [id], query, signal, title });
      return false;
    }
    if (waiting(r))
      renew(r); // the button keeps its place, its focus and its question
    else if (r.state !== drawn) draw(r);
    return waiting(r);
  }).catch((error) => put(box, failure(error)));
}

async function complete(main, report, query, signal) {
  const id = report.report_id;
  const windows = report.fleet.map((w) => w.time_window);
  const window = windows.includes(query.get('window')) ? query.get('window') : windows.at(-1);
  const [zones, others] = await Promise.all([
    api.zones(id, window, signal),
    api.listReports({ state: 'complete', limit: 100 }, signal),
  ]);
  if (signal.aborted) return;
  const stores = (params) => `${api.reportPath(id)}/stores?${new URLSearchParams(params)}`;
  put(
    main,
    crumbs(['/reports', 'Reports']),
    heading(
      `Report ${f.reportName(id)}`,
      h(
        'p',
        { class: 'sub' },
        'up to ',
        time(report.as_of),
        ' · ',
        h('a', { href: `${api.reportPath(id)}/stores` }, f.plural(report.stores, 'store')),
        ' · made ',
        ago(report.created_at),
      ),
      h('span', { class: 'flex-grow-1' }),
      h('a', { class: 'btn btn-sm btn-primary', href: `${api.reportPath(id)}/stores` }, icon('store'), ' All stores'),
    ),
    query.get('reused')
      ? h(
          'div',
          { class: 'notice info mb-3' },
          icon('circle-info'),
          h('div', {}, 'This report was there already: it asks the same of the same files.'),
        )
      : null,
    notices(report),
    h('section', { class: 'panel', 'aria-label': 'Fleet' }, h('h2', {}, 'Fleet'), fleetTable(report, stores)),
    h(
      'div',
      { class: 'row g-3' },
      h(
        'section',
        { class: 'col-lg-6' },
        h(
          'div',
          { class: 'panel' },
          h(
            'div',
            { class: 'mb-2' },
            windowPicker(windows, window, (name) => go(`${api.reportPath(id)}?window=${name}`, { replace: true })),
          ),
          zoneTable(report, window, zones.zones),
        ),
      ),
      h(
        'section',
        { class: 'col-lg-6' },
        h(
          'div',
          { class: 'panel' },
          h('h2', {}, 'What to know about the data'),
          h(
            'p',
            { class: 'sub' },
            `${f.count(report.quality.rows_read)} rows read, ${f.count(report.quality.rows_rejected)} rejected`,
          ),
          findingList(report.quality.findings),
        ),
      ),
      h(
        'section',
        { class: 'col-lg-6' },
        h(
          'div',
          { class: 'panel' },
          h('h2', {}, 'Files'),
          files(report),
          h('h2', { class: 'mt-4' }, 'Compare'),
          comparison(
            report,
            others.reports.filter((r) => r.report_id !== id),
          ),
        ),
      ),
      h(
        'section',
        { class: 'col-lg-6' },
        h('div', { class: 'panel' }, h('h2', {}, 'How it was made'), made(report), removal(report)),
      ),
    ),
  );
}

function fleetTable(report, stores) {
  return wide(
    'All measures',
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
              'Bounds',
              null,
              'Covered',
              'Up',
              'Down',
              'Unknown',
              'Open',
              'Outages',
              'Nothing known',
            ].map((t, i) =>
              h(
                'th',
                { scope: 'col', class: t === null ? 'wide' : i ? 'text-end' : null },
                t ?? h('span', { class: 'visually-hidden' }, 'Picture'),
              ),
            ),
          ),
        ),
        h(
          'tbody',
          {},
          report.fleet.map((w) => {
            const link = (text, exact, params) =>
              h(
                'td',
                { class: 'text-end' },
                h('a', { class: 'num', href: stores({ window: w.time_window, ...params }), 'data-tip': exact }, text),
              );
            return h(
              'tr',
              {},
              h('th', { scope: 'row' }, f.windowName(w.time_window)),
              link(w.open_seconds ? f.percent(w.uptime_ratio) : 'closed', f.exactPercent(w.uptime_ratio), {
                sort: 'uptime_ratio',
                order: 'asc',
              }),
              h('td', { class: 'wide' }, splitBar(w)),
              h(
                'td',
                { class: 'text-end' },
                w.uptime_ratio_min === null
                  ? ''
                  : value(
                      `${(w.uptime_ratio_min * 100).toFixed(1)} to ${(w.uptime_ratio_max * 100).toFixed(1)} %`,
                      `${f.exactPercent(w.uptime_ratio_min)} to ${f.exactPercent(w.uptime_ratio_max)}`,
                      { class: 'num' },
                    ),
              ),
              h(
                'td',
                { class: 'wide' },
                w.uptime_ratio_min === null
                  ? null
                  : boundsTrack(w.uptime_ratio_min, w.uptime_ratio_max, w.uptime_ratio),
              ),
              h('td', { class: 'text-end' }, w.open_seconds ? ratio(w.coverage, 1) : ''),
              h('td', { class: 'text-end' }, hoursOf(w.uptime_seconds)),
              link(f.hours(w.downtime_seconds), f.exactSeconds(w.downtime_seconds), {
                sort: 'downtime_seconds',
                order: 'desc',
              }),
              link(f.hours(w.unknown_seconds), f.exactSeconds(w.unknown_seconds), {
                sort: 'unknown_seconds',
                order: 'desc',
              }),
              h('td', { class: 'text-end' }, hoursOf(w.open_seconds)),
              link(f.count(w.outages), f.plural(w.outages, 'outage'), {
                status: 'outage',
                sort: 'outages',
                order: 'desc',
              }),
              link(f.count(w.stores_unknown), 'stores that are open, and nothing is known of them', {
                status: 'unknown',
              }),
            );
          }),
        ),
      ),
    ),
  );
}

function files(report) {
  const about = {
    'report.csv': 'minutes and hours per store',
    'report.parquet': 'all measures, for BI tools',
    'outages.parquet': 'a row per outage',
    'rejects.csv': 'rejected rows',
    'report.json': 'how it was made',
  };
  const outputs = [...report.outputs, { file: 'report.json' }];
  return h(
    'ul',
    { class: 'files' },
    outputs.map((o) =>
      h(
        'li',
        {},
        downloadLink(
          api.fileURL(report.report_id, o.file),
          o.file,
          o.sha256 ? `sha256 ${o.sha256}` : 'parameters, inputs, quality, hashes',
        ),
        h('span', { class: 'sub' }, ` ${about[o.file] ?? ''}${o.bytes === undefined ? '' : `, ${f.bytes(o.bytes)}`}`),
      ),
    ),
    h(
      'li',
      {},
      downloadLink(
        api.fileURL(report.report_id, 'report.csv', { excel: true }),
        'report.csv for Excel',
        'Ids that a spreadsheet would take for a formula get a quote',
      ),
      h('span', { class: 'sub' }, ' ids guarded against formulas'),
    ),
  );
}

function comparison(report, others) {
  if (!others.length) return h('p', { class: 'sub' }, 'There is no other complete report to compare it with.');
  return h(
    'label',
    { class: 'field' },
    h('span', {}, 'with report'),
    h(
      'select',
      {
        class: 'form-select form-select-sm',
        onchange: (e) => {
          if (!e.target.value) return;
          const [a, b] = [report.report_id, e.target.value].sort(); // the older one first
          go(`${api.reportPath(a)}/compare/${encodeURIComponent(b)}`);
        },
      },
      h('option', { value: '' }, 'choose …'),
      others.map((r) =>
        h(
          'option',
          { value: r.report_id },
          `${f.reportName(r.report_id)}, made ${f.ago(r.created_at)}: ${asked(r.parameters)}`,
        ),
      ),
    ),
  );
}

function made(report) {
  const steps = (report.steps ?? [])
    .filter((s) => s.seconds >= 0.01)
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, 8);
  const took = (report.steps ?? []).reduce((sum, s) => sum + s.seconds, 0);
  const row = (name, what) => [h('dt', {}, name), h('dd', {}, what)];
  return h(
    'dl',
    { class: 'made' },
    row('asked for', asked({ ...report.parameters })),
    row('took', [
      `${took.toFixed(2)} s`,
      h(
        'span',
        { class: 'sub' },
        steps.length
          ? ` (${steps.map((s) => `${s.name.replaceAll('_', ' ')} ${s.seconds.toFixed(2)} s`).join(', ')})`
          : '',
      ),
    ]),
    row(
      'input',
      h(
        'ul',
        { class: 'plain' },
        (report.inputs ?? []).map((i) =>
          h(
            'li',
            { 'data-tip': `sha256 ${i.sha256}` },
            `${i.file}: ${f.plural(i.rows, 'row')}${i.rejected ? `, ${f.count(i.rejected)} rejected` : ''}, ${f.bytes(i.bytes)}`,
          ),
        ),
      ),
    ),
    row('id', h('code', {}, report.report_id)),
  );
}

function removal(report) {
  const wrong = h('div', {});
  return [
    h(
      'p',
      { class: 'mb-0' },
      confirmed([icon('trash-can'), ' Remove this report'], 'Really remove it and its files?', async () => {
        try {
          await api.removeReport(report.report_id);
          go('/reports');
        } catch (error) {
          put(wrong, failure(error));
        }
      }),
    ),
    wrong,
  ];
}
