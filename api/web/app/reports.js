// Reports: a form for a new one, the list, and two to compare.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import * as f from './format.js';
import { parameterSummary, parametersText } from './parameters.js';
import * as parts from './parts.js';
import { go } from './router.js';
import { cell, cellOf, responsive, rowHead, row as tableRow, shownFrom, table } from './tables.js';
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
  { text: 'Created', class: shownFrom('sm') },
  { text: 'Duration', class: shownFrom('md') },
  { text: 'Parameters', class: shownFrom('md') },
  { hidden: 'Actions' },
];

export async function show(main, { query, signal }) {
  const state = query.get('state') ?? '';
  const cursor = query.get('cursor') ?? '';
  const selection = compareSelection();
  const list = h('div', {});
  const errors = h('div', { 'aria-live': 'polite' });
  const tableOfReports = table(headings, [], { extra: 'reports' });
  const body = tableOfReports.tBodies[0];
  const reportList = responsive(tableOfReports);
  const rows = new Map(); // by id: unchanged rows are kept, so that a question in one of them stays open
  let isWorking = false;
  let drawnPage;

  const draw = async () => {
    const { reports, next } = await api.listReports({ state, cursor, limit: 50 }, signal);
    if (signal.aborted) return;
    isWorking = reports.some((r) => !parts.isFinal(r));
    const page = `${reports.length > 0} ${next}`;
    if (page !== drawnPage) put(list, reports.length ? reportList : nothing(state), pages(state, cursor, next));
    drawnPage = page;
    const wanted = reports.map(rowFor);
    const same = wanted.length === body.children.length && wanted.every((element, i) => body.children[i] === element);
    if (!same) body.replaceChildren(...wanted);
    for (const created of body.querySelectorAll('[data-created]')) created.textContent = f.ago(created.dataset.created);
  };

  const rowFor = (report) => {
    const key = JSON.stringify(report);
    const known = rows.get(report.report_id);
    if (known?.key === key) return known.element;
    const element = reportRow(report, selection, remove);
    known?.element.replaceWith(element);
    rows.set(report.report_id, { key, element });
    return element;
  };

  const remove = async (id) => {
    try {
      await api.removeReport(id);
      selection.toggle(id, false);
      await draw();
    } catch (error) {
      put(errors, parts.failure(error));
    }
  };

  const accepted = ({ report_id: id, reused }) => go(api.reportPath(id) + (reused ? '?reused=1' : ''));
  put(
    main,
    parts.heading('Reports'),
    h('section', { class: 'panel', 'aria-label': 'New report' }, triggerForm(accepted)),
    errors,
    h('div', { class: 'panel-head mt-3' }, stateFilter(state), selection.button),
    list,
  );
  await draw();
  parts.repeat(() => (isWorking ? 700 : 5000), signal, draw).catch((error) => put(errors, parts.failure(error)));
}

// compareSelection keeps the ids of the selected reports and the button that compares two of them.
function compareSelection() {
  const ids = new Set();
  const compare = () => {
    const [older, newer] = [...ids].sort();
    go(`${api.reportPath(older)}/compare/${encodeURIComponent(newer)}`);
  };
  const button = parts.button('outline-secondary', compare, null);
  const update = () => {
    button.disabled = ids.size !== 2;
    put(button, icon('code-compare'), button.disabled ? ' Compare: select two' : ' Compare');
  };
  const toggle = (id, on) => {
    if (on) ids.add(id);
    else ids.delete(id);
    update();
  };
  update();
  return { button, toggle, has: (id) => ids.has(id) };
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

function reportRow(r, selection, remove) {
  const checkbox = () =>
    h('input', {
      type: 'checkbox',
      class: 'form-check-input',
      'aria-label': `Compare report ${r.report_id}`,
      checked: selection.has(r.report_id),
      onchange: (event) => selection.toggle(r.report_id, event.target.checked),
    });
  const summary = parameterSummary(r);
  const created = { datetime: r.created_at, 'data-tip': r.created_at, 'data-created': r.created_at };
  return tableRow(
    cell(r.state === 'complete' && checkbox()),
    rowHead(
      h('a', { class: 'id', href: api.reportPath(r.report_id), 'data-tip': r.report_id }, f.reportName(r.report_id)),
      h('span', { class: 'sub d-sm-none', 'data-created': r.created_at }),
      summary && h('span', { class: 'sub d-md-none' }, summary),
    ),
    cellOf(
      'state',
      parts.stateBadge(r.state),
      !parts.isFinal(r) && parts.progress(r),
      r.state === 'failed' && h('p', { class: 'small text-danger mb-0' }, r.error),
    ),
    cellOf(shownFrom('sm'), h('time', created)),
    cellOf(`num ${shownFrom('md')}`, duration(r)),
    cellOf(`small ${shownFrom('md')}`, parametersText(r)),
    cellOf(
      'text-end text-nowrap',
      r.state === 'complete' && download(r),
      action(r, () => remove(r.report_id)),
    ),
  );
}

function duration(r) {
  if (!r.started_at || !r.finished_at) return '';
  const seconds = (f.instant(r.finished_at) - f.instant(r.started_at)) / 1000;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : f.length(seconds);
}

function download(r) {
  const href = api.fileURL(r.report_id, 'report.csv');
  return h(
    'a',
    { class: 'btn btn-sm btn-link py-0', href, download: true, 'data-tip': 'report.csv' },
    icon('download'),
    h('span', { class: 'visually-hidden' }, `Download report.csv of ${r.report_id}`),
  );
}

// action deletes a finished report, or cancels one that is not.
function action(r, remove) {
  if (parts.isFinal(r)) {
    const props = { 'aria-label': `Delete report ${r.report_id}`, class: 'btn btn-sm btn-link py-0 text-danger' };
    return parts.confirmed('Delete', 'Really delete?', remove, props);
  }
  const cancel = (event) => {
    event.target.disabled = true;
    remove();
  };
  return parts.button('outline-danger', cancel, 'Cancel', { 'aria-label': `Cancel report ${r.report_id}` });
}
