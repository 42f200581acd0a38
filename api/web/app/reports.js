// Reports: a form for a new one, the list, and two to compare.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import * as f from './format.js';
import { pin, reportTitle } from './label.js';
import { ratio } from './measures.js';
import { parameterSummary, parametersText } from './parameters.js';
import * as parts from './parts.js';
import { go } from './router.js';
import { forWriters, mayWrite } from './session.js';
import { cell, cellOf, numeric, responsive, row as tableRow, shownFrom, table } from './tables.js';
import { triggerForm } from './trigger.js';

const states = {
  '': 'All states',
  queued: 'Waiting',
  running: 'Running',
  complete: 'Complete',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

const headings = [
  { hidden: 'Select' },
  'Report',
  'State',
  { text: 'Up to', class: shownFrom('md') },
  numeric('Stores', 'md'),
  numeric('Uptime', 'sm'),
  { text: 'Parameters', class: shownFrom('lg') },
  { text: 'Requested', class: shownFrom('sm') },
  { hidden: 'Actions' },
];

export async function show(main, { query, signal }) {
  const state = query.get('state') ?? '';
  const cursor = query.get('cursor') ?? '';
  const selection = compareSelection(() => {
    for (const box of body.querySelectorAll('input[type=checkbox]')) box.checked = selection.has(box.value);
  });
  const list = h('div', {});
  const errors = h('div', { 'aria-live': 'polite' });
  const tableOfReports = table(headings, [], { extra: 'reports' });
  const body = tableOfReports.tBodies[0];
  const reportList = responsive(tableOfReports);
  const rows = new Map(); // by id: unchanged rows are kept, so that a question in one of them stays open
  let isWorking = false;
  let drawnPage;

  const draw = async () => {
    const { reports, next, latest } = await api.listReports({ state, cursor, limit: 50 }, signal);
    if (signal.aborted) return;
    isWorking = reports.some((r) => !parts.isFinal(r));
    const page = `${reports.length > 0} ${next}`;
    if (page !== drawnPage) put(list, reports.length ? reportList : nothing(state), pages(state, cursor, next));
    drawnPage = page;
    const wanted = reports.map((report) => rowFor(report, report.report_id === latest));
    const same = wanted.length === body.children.length && wanted.every((element, i) => body.children[i] === element);
    if (!same) body.replaceChildren(...wanted);
    for (const created of body.querySelectorAll('[data-created]')) created.textContent = f.ago(created.dataset.created);
  };

  const rowFor = (report, isLatest) => {
    const key = JSON.stringify([report, isLatest]);
    const known = rows.get(report.report_id);
    if (known?.key === key) return known.element;
    const element = reportRow(report, isLatest, selection, remove);
    known?.element.replaceWith(element);
    rows.set(report.report_id, { key, element });
    return element;
  };

  const remove = async (id) => {
    try {
      await api.removeReport(id);
      selection.drop(id);
      await draw();
    } catch (error) {
      put(errors, parts.failure(error));
    }
  };

  const accepted = ({ report_id: id, reused }) => go(api.reportPath(id) + (reused ? '?reused=1' : ''));
  put(
    main,
    parts.heading('Reports'),
    h(
      'section',
      { class: 'panel', 'aria-label': 'New report' },
      forWriters('Making a report', () => triggerForm(accepted)),
    ),
    errors,
    h('div', { class: 'panel-head mt-3' }, stateFilter(state)),
    list,
    selection.bar,
  );
  await draw();
  selection.draw();
  parts.repeat(() => (isWorking ? 700 : 5000), signal, draw).catch((error) => put(errors, parts.failure(error)));
}

// The reports picked to compare, by id; they stay picked on the next page of the list.
const picked = new Map();

// compareSelection is the bar that says which reports are picked; update is called when that changes.
function compareSelection(update) {
  const bar = h('div', { class: 'compare-bar', role: 'status' });
  const clear = () => {
    picked.clear();
    draw();
  };
  const draw = () => {
    const [a, b] = [...picked.values()].sort((x, y) => f.instant(x.as_of) - f.instant(y.as_of));
    const compare = () => go(api.comparePath(a.report_id, b.report_id));
    const name = (r) => h('strong', {}, reportTitle(r));
    put(
      bar,
      a &&
        h(
          'span',
          {},
          icon('code-compare'),
          ' ',
          b ? [name(a), ' with ', name(b)] : [name(a), ': pick another to compare it with'],
        ),
      b && parts.button('primary', compare, 'Compare'),
      a && parts.button('outline-secondary', clear, 'Clear'),
    );
    update();
  };
  const toggle = (report, on) => {
    if (on && picked.size === 2) picked.delete(picked.keys().next().value); // the third takes the place of the first
    if (on) picked.set(report.report_id, report);
    else picked.delete(report.report_id);
    draw();
  };
  const drop = (id) => {
    picked.delete(id);
    draw();
  };
  const has = (id) => picked.has(id);
  return { bar, draw, toggle, drop, has };
}

function stateFilter(state) {
  const options = Object.entries(states).map(([value, text]) =>
    h('option', { value, selected: value === state }, text),
  );
  const onchange = (event) => go(listURL({ state: event.target.value }));
  return h('select', { class: 'form-select form-select-sm w-auto', 'aria-label': 'State', onchange }, options);
}

function listURL(params) {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value)).toString();
  return query ? `/reports?${query}` : '/reports';
}

function nothing(state) {
  if (state) {
    const all = parts.bigLinkButton('outline-secondary', '/reports', 'Show all');
    return parts.empty(`No ${states[state].toLowerCase()} reports`, 'There may be some in other states.', all);
  }
  const data = parts.bigLinkButton('outline-secondary', '/data', icon('database'), ' Check the data');
  return parts.empty('No report yet', 'Use the button above to make one from the files in the data folder.', data);
}

function pages(state, cursor, next) {
  const link = (href, ...content) => parts.linkButton('outline-secondary', href, content);
  return h(
    'div',
    { class: 'pager' },
    cursor && link(listURL({ state }), 'Newest'),
    next && link(listURL({ state, cursor: next }), 'Older ', icon('chevron-right')),
  );
}

const requesters = { page: 'on this page', api: 'by a program', command: 'by the command' };

function reportRow(r, isLatest, selection, remove) {
  const isComplete = r.state === 'complete';
  const checkbox = () =>
    h('input', {
      type: 'checkbox',
      class: 'form-check-input',
      value: r.report_id,
      'aria-label': `Compare ${reportTitle(r)}`,
      checked: selection.has(r.report_id),
      onchange: (event) => selection.toggle(r, event.target.checked),
    });
  const summary = parameterSummary(r);
  const created = { datetime: r.created_at, 'data-tip': r.created_at, 'data-created': r.created_at };
  const uptime = isComplete && r.longest_window;
  return tableRow(
    cell(isComplete && checkbox()),
    h(
      'th',
      { scope: 'row', class: 'name' },
      h(
        'a',
        {
          class: r.name ? '' : 'id',
          href: api.reportPath(r.report_id),
          'data-tip': [r.report_id, r.note].filter(Boolean).join('\n'),
        },
        r.name || f.reportName(r.report_id),
      ),
      ' ',
      pin(r),
      isLatest && h('span', { class: 'sub' }, icon('gauge-high'), ' on the overview'),
      isComplete &&
        h('span', { class: 'sub d-md-none' }, 'up to ', parts.time(r.as_of), ` · ${f.plural(r.stores, 'store')}`),
      uptime && h('span', { class: 'sub d-sm-none' }, uptimeOf(uptime)),
      summary && h('span', { class: 'sub d-lg-none' }, summary),
      h('span', { class: 'sub d-sm-none', 'data-created': r.created_at }),
    ),
    cellOf(
      'state',
      parts.stateBadge(r.state),
      !parts.isFinal(r) && parts.progress(r),
      r.state === 'failed' && h('p', { class: 'small text-danger mb-0' }, r.error),
    ),
    cellOf(`up-to ${shownFrom('md')}`, isComplete && parts.time(r.as_of)),
    cellOf(`text-end num ${shownFrom('md')}`, isComplete && f.count(r.stores)),
    cellOf(`text-end ${shownFrom('sm')}`, uptime && uptimeOf(uptime)),
    cellOf(`small ${shownFrom('lg')}`, parametersText(r)),
    cellOf(
      shownFrom('sm'),
      h('time', created),
      parts.sub([requesters[r.requested_by], duration(r)].filter(Boolean).join(', ')),
    ),
    cellOf('text-end text-nowrap', isComplete && download(r), mayWrite() && action(r, () => remove(r.report_id))),
  );
}

const uptimeOf = ({ time_window: window, uptime_ratio: up }) => [
  ratio(up),
  parts.sub(` ${f.windowName(window).toLowerCase()}`),
];

function duration(r) {
  if (!r.started_at || !r.finished_at) return '';
  const seconds = (f.instant(r.finished_at) - f.instant(r.started_at)) / 1000;
  return `took ${seconds < 10 ? `${seconds.toFixed(1)} s` : f.length(seconds)}`;
}

function download(r) {
  const href = api.fileURL(r.report_id, 'report.csv');
  return h(
    'a',
    { class: 'btn btn-sm btn-link py-0', href, download: true, 'data-tip': 'report.csv' },
    icon('download'),
    h('span', { class: 'visually-hidden' }, `Download report.csv of ${reportTitle(r)}`),
  );
}

// action deletes a finished report, or cancels one that is not.
function action(r, remove) {
  if (parts.isFinal(r)) {
    const props = { 'aria-label': `Delete ${reportTitle(r)}`, class: 'btn btn-sm btn-link py-0 text-danger' };
    return parts.confirmed('Delete', 'Really delete?', remove, props);
  }
  const cancel = (event) => {
    event.target.disabled = true;
    remove();
  };
  return parts.button('outline-danger', cancel, 'Cancel', { 'aria-label': `Cancel ${reportTitle(r)}` });
}
