// A report: its progress while it runs, then the fleet, the findings and the files.
import * as api from './api.js';
import { copyLink } from './copying.js';
import { h, icon, put } from './dom.js';
import { findingList, notices } from './findings.js';
import * as f from './format.js';
import { groupPanel, groupParams } from './groups.js';
import { labelForm, note, pin, reportTitle } from './label.js';
import { listPath } from './listing.js';
import { bounds, boundsTrack, hasPlanned, hoursOf, ratio, splitBar, value } from './measures.js';
import { parametersText } from './parameters.js';
import * as parts from './parts.js';
import { ago, panel, panelColumn, sub, time } from './parts.js';
import { files } from './report_files.js';
import { go } from './router.js';
import { forWriters, mayWrite } from './session.js';
import { cellOf, numberCell, numeric, row, rowHead, stacked, table, wide } from './tables.js';
import { targetSection } from './targets.js';
import { triggerForm } from './trigger.js';
import { term, words } from './words.js';
import { zoneTable } from './zones.js';

export async function show(main, { args: [id], query, signal, title }) {
  const report = await api.report(id, signal);
  if (signal.aborted) return;
  title(reportTitle(report));
  if (report.state === 'complete') await complete(main, report, { query, signal, title });
  else unfinished(main, report, signal, () => show(main, { args: [id], query, signal, title }));
}

// unfinished shows a report that is waiting, running, failed or cancelled; completed is called when it is complete.
function unfinished(main, report, signal, completed) {
  const id = report.report_id;
  const box = panel();
  const badge = h('span', {});
  const steps = h('div', {});
  put(main, parts.crumbs(['/reports', 'Reports']), parts.heading(reportTitle(report), parts.subline(id)), box);
  const restarted = (r) => h('span', { class: 'text-body-secondary' }, ` attempt ${r.tries}, after a server restart;`);
  const update = (r) => {
    put(badge, parts.stateBadge(r.state), r.tries > 1 && restarted(r));
    put(steps, parts.isFinal(r) ? null : parts.progress(r));
  };
  let drawn;
  const draw = (r) => {
    drawn = r.state;
    update(r);
    const requested = ['requested ', ago(r.created_at), `: ${parametersText(r)}`];
    const cancel = async () => {
      await api.removeReport(id);
      draw(await api.report(id, signal));
    };
    const head = h('p', {}, badge, ' ', h('span', { class: 'text-body-secondary' }, requested));
    put(box, head, parts.isFinal(r) ? ended(r) : [steps, mayWrite() && cancellation(cancel)]);
  };
  draw(report);
  if (parts.isFinal(report)) return;
  parts
    .repeat(600, signal, async () => {
      const r = await api.report(id, signal);
      if (r.state === 'complete') {
        await completed();
        return false;
      }
      if (!parts.isFinal(r))
        update(r); // the button keeps its place, its focus and its question
      else if (r.state !== drawn) draw(r);
      return !parts.isFinal(r);
    })
    .catch((error) => put(box, parts.failure(error)));
}

function cancellation(cancel) {
  const errors = h('div', {});
  const act = () => cancel().catch((error) => put(errors, parts.failure(error)));
  const hint = h('span', { class: 'sub ms-2' }, 'You can close or reload this page; the report continues.');
  return [h('p', { class: 'mt-3 mb-0' }, parts.confirmed('Cancel', 'Really cancel?', act), hint), errors];
}

// ended explains a failed or cancelled report, and offers the form to request it again.
function ended(r) {
  const failed = r.state === 'failed';
  const reason = failed ? ['Failed: ', r.error] : 'Cancelled. It has no files.';
  const accepted = (answer) => go(api.reportPath(answer.report_id));
  return [
    h('p', { class: failed ? 'text-danger fw-semibold' : '' }, reason),
    h('p', {}, h('a', { href: '/data' }, 'Check the data'), ' or try again:'),
    forWriters('Making a report', () => triggerForm(accepted, { open: true, preset: r.parameters })),
  ];
}

async function complete(main, report, { query, signal, title }) {
  const id = report.report_id;
  const path = api.reportPath(id);
  const windows = report.fleet.map((w) => w.time_window);
  const window = windows.includes(query.get('window')) ? query.get('window') : windows.at(-1);
  const chosen = groupParams(report, query, window);
  const asked = location.search;
  const [zones, { reports }, groups] = await Promise.all([
    api.zones(id, window, signal),
    api.listReports({ state: 'complete', limit: 100 }, signal),
    chosen && api.groups(id, chosen, signal),
  ]);
  if (signal.aborted || location.search !== asked) return;
  const others = reports.filter((r) => r.report_id !== id);
  const link = (change) => {
    const all = Object.entries({ ...Object.fromEntries(query), reused: '', offset: 0, ...change });
    return `${path}?${new URLSearchParams(all.filter(([, v]) => v !== '' && v !== 0))}`;
  };
  // redraw shows another window or other groups in place: the reader stays where they are.
  const redraw = async (url) => {
    const focused = document.activeElement?.id;
    history.replaceState(null, '', url);
    await complete(main, report, { query: new URLSearchParams(location.search), signal, title });
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };
  const labelled = (changed) => {
    title(reportTitle(changed));
    complete(main, changed, { query: new URLSearchParams(location.search), signal, title });
  };
  const pickWindow = (name) => go(link({ window: name }), { replace: true });
  const { quality } = report;
  put(
    main,
    parts.crumbs(['/reports', 'Reports']),
    header(report),
    note(report),
    mayWrite() && labelForm(report, labelled),
    query.get('reused') &&
      parts.callout(
        'info mb-3',
        'circle-info',
        'This report already existed: same parameters and the same input files.',
      ),
    notices(report),
    h('section', { class: 'panel', 'aria-label': 'Fleet' }, h('h2', {}, 'Fleet'), fleetTable(report)),
    targetSection({ targets: report.targets, link: (params) => listPath(id, params) }),
    groupPanel({ report, windows, chosen, groups, link, redraw }),
    h(
      'div',
      { class: 'row g-3' },
      panelColumn(
        'col-lg-6',
        h('div', { class: 'mb-2' }, parts.windowPicker(windows, window, pickWindow)),
        zoneTable(report, window, zones.zones),
      ),
      panelColumn(
        'col-lg-6',
        h('h2', {}, 'Findings about the data'),
        parts.subline(`${f.count(quality.rows_read)} rows read, ${f.count(quality.rows_rejected)} rejected`),
        findingList(quality.findings),
      ),
      panelColumn(
        'col-lg-6 on-screen',
        h('h2', {}, 'Files'),
        files(report),
        h('h2', { class: 'mt-4' }, 'Compare'),
        comparison(report, others, window),
      ),
      panelColumn('col-lg-6 on-screen', h('h2', {}, 'Details'), details(report), mayWrite() && removal(report)),
    ),
  );
}

function header(report) {
  const stores = `${api.reportPath(report.report_id)}/stores`;
  return parts.heading(
    reportTitle(report),
    pin(report),
    parts.subline(
      'up to ',
      time(report.as_of),
      ' · ',
      h('a', { href: stores }, f.plural(report.stores, 'store')),
      h('span', { class: 'on-screen' }, ' · created ', ago(report.created_at)),
    ),
    parts.spacer(),
    copyLink(),
    parts.linkButton('primary', stores, icon('store'), ' All stores'),
  );
}

const fleetHeadings = (isPlanned) => [
  'Window',
  numeric(term('Uptime')),
  { hidden: 'Share of open time', class: 'wide' },
  numeric(term('Bounds')),
  { hidden: 'Range', class: 'wide' },
  ...['Covered', 'Up', 'Down', 'Unknown', 'Open'].map((text) => numeric(term(text))),
  ...(isPlanned ? [numeric(term('Planned'))] : []),
  ...['Outages', 'All unknown'].map((text) => numeric(term(text))),
];

function fleetTable(report) {
  const isPlanned = hasPlanned(report.fleet);
  const lines = report.fleet.map((w) => {
    const link = (text, exact, params) => {
      const query = new URLSearchParams({ window: w.time_window, ...params });
      const href = `${api.reportPath(report.report_id)}/stores?${query}`;
      return numberCell(h('a', { class: 'num', href, 'data-tip': exact }, text));
    };
    const amount = (name) => link(f.hours(w[name]), f.exactSeconds(w[name]), { sort: name, order: 'desc' });
    const uptime = w.open_seconds ? f.percent(w.uptime_ratio) : 'closed';
    const known = w.uptime_ratio_min !== null;
    return row(
      rowHead(f.windowName(w.time_window), parts.datesOf(report, w.time_window)),
      link(uptime, f.exactPercent(w.uptime_ratio), { sort: 'uptime_ratio', order: 'asc' }),
      cellOf('wide', splitBar(w)),
      numberCell(known ? value(bounds(w).text, bounds(w).exact, { class: 'num' }) : ''),
      cellOf('wide', known ? boundsTrack(w) : null),
      numberCell(w.open_seconds ? ratio(w.coverage, 1) : ''),
      numberCell(hoursOf(w.uptime_seconds)),
      amount('downtime_seconds'),
      amount('unknown_seconds'),
      numberCell(hoursOf(w.open_seconds)),
      isPlanned && amount('planned_seconds'),
      link(f.count(w.outages), f.plural(w.outages, 'outage'), { status: 'outage', sort: 'outages', order: 'desc' }),
      link(f.count(w.stores_unknown), 'open stores with unknown status throughout', { status: 'unknown' }),
    );
  });
  return [
    wide('All measures', stacked(table(fleetHeadings(isPlanned), lines, { extra: 'measures mb-0' }))),
    words(['Bounds', 'Covered', 'Unknown', ...(isPlanned ? ['Planned'] : [])], 'when-stacked'),
  ];
}

function comparison(report, others, window) {
  if (!others.length) return parts.subline('There is no other complete report to compare with.');
  const onchange = (event) => {
    if (!event.target.value) return;
    const [older, newer] = [report.report_id, event.target.value].sort();
    go(api.comparePath(older, newer, { window }));
  };
  const option = (r) => {
    const text = `${reportTitle(r)}, up to ${f.utc(r.as_of)}: ${parametersText(r)}`;
    return h('option', { value: r.report_id }, text);
  };
  return h(
    'label',
    { class: 'field' },
    h('span', {}, 'with report'),
    h(
      'select',
      { class: 'form-select form-select-sm', onchange },
      h('option', { value: '' }, 'choose …'),
      others.map(option),
    ),
  );
}

function details(report) {
  const steps = report.steps ?? [];
  const total = steps.reduce((sum, step) => sum + step.seconds, 0);
  const slowest = steps
    .filter((step) => step.seconds >= 0.01)
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, 8)
    .map((step) => `${step.name.replaceAll('_', ' ')} ${step.seconds.toFixed(2)} s`);
  const input = (i) => {
    const rejected = i.rejected ? `, ${f.count(i.rejected)} rejected` : '';
    const text = `${i.file}: ${f.plural(i.rows, 'row')}${rejected}, ${f.bytes(i.bytes)}`;
    return h('li', { 'data-tip': `sha256 ${i.sha256}` }, text);
  };
  const entry = (name, ...content) => [h('dt', {}, name), h('dd', {}, content)];
  return h(
    'dl',
    { class: 'made' },
    entry('parameters', parametersText(report)),
    entry('duration', `${total.toFixed(2)} s`, sub(slowest.length ? ` (${slowest.join(', ')})` : '')),
    entry('input', h('ul', { class: 'plain' }, (report.inputs ?? []).map(input))),
    entry('id', h('code', {}, report.report_id)),
  );
}

function removal(report) {
  const errors = h('div', {});
  const remove = async () => {
    try {
      await api.removeReport(report.report_id);
      go('/reports');
    } catch (error) {
      put(errors, parts.failure(error));
    }
  };
  const text = [icon('trash-can'), ' Delete this report'];
  return [h('p', { class: 'mb-0' }, parts.confirmed(text, 'Really delete it and its files?', remove)), errors];
}
