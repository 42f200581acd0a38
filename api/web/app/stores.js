// The stores of a report. What is shown is in the address, so that it can be shared.
import * as api from './api.js';
import { h, put } from './dom.js';
import { notices } from './findings.js';
import * as f from './format.js';
import { reportTitle } from './label.js';
import { hasPlanned, lengthOf, ratio, splitBar, value } from './measures.js';
import { hasNames, storeLink } from './names.js';
import * as parts from './parts.js';
import { go } from './router.js';
import { columnClasses, sortHeading, sortOptions } from './sorting.js';
import { cellOf, responsive, row, rowHead, table } from './tables.js';

const limit = 50;
const statuses = {
  '': 'All stores',
  down: 'Down when last open',
  down_and_open: 'Down and open at the end',
  outage: 'With an outage',
  unknown: 'All unknown',
  closed: 'Never open',
};

const number = (n) => h('span', { class: 'num' }, f.count(n));

function covered(r) {
  if (!r.open_seconds) return '';
  const text = f.percent(r.covered_seconds / r.open_seconds, 1);
  return value(text, f.exactSeconds(r.covered_seconds), { class: 'num' });
}

// seconds is a column of a duration; from names the breakpoint from which it is shown.
const seconds = (key, name, from) => ({ key, name, from, end: true, cell: (r) => lengthOf(r[key]) });

// A column: the key it sorts by, its heading, the breakpoint from which it is shown, and its cell.
const columnsOf = (report) => [
  { key: 'timezone', name: 'Zone', from: 'lg', cell: (r) => r.timezone },
  { key: 'uptime_ratio', name: 'Uptime', end: true, cell: (r) => (r.open_seconds ? ratio(r.uptime_ratio) : '') },
  { key: null, name: 'Share', wide: true, from: 'sm', cell: splitBar },
  seconds('downtime_seconds', 'Down'),
  seconds('unknown_seconds', 'Unknown', 'md'),
  seconds('uptime_seconds', 'Up', 'xxl'),
  seconds('open_seconds', 'Open', 'lg'),
  ...(hasPlanned(report.fleet) ? [seconds('planned_seconds', 'Planned', 'xl')] : []),
  seconds('uptime_min_seconds', 'Up at least', 'xxl'),
  seconds('uptime_max_seconds', 'Up at most', 'xxl'),
  { key: 'covered_seconds', name: 'Covered', end: true, from: 'lg', cell: covered },
  { key: 'observations', name: 'Observations', end: true, from: 'xl', cell: (r) => number(r.observations) },
  { key: 'outages', name: 'Outages', end: true, from: 'sm', cell: (r) => number(r.outages) },
  seconds('longest_outage_seconds', 'Longest', 'md'),
];

export async function show(main, { args: [id], query, signal, title }) {
  const report = await api.report(id, signal);
  if (report.state !== 'complete') {
    const link = parts.bigLinkButton('primary', api.reportPath(id), 'Show the report');
    put(main, parts.empty('This report has no stores yet', `It is ${report.state}.`, link));
    return;
  }
  const windows = report.fleet.map((w) => w.time_window);
  const param = (name, fallback = '') => query.get(name) ?? fallback;
  const params = {
    window: param('window', windows.at(-1)),
    sort: param('sort', hasNames(report) ? 'name' : 'store_id'),
    order: param('order', 'asc'),
    search: param('search'),
    zone: param('zone'),
    status: param('status'),
  };
  const offset = Math.max(0, Number.parseInt(param('offset', '0'), 10) || 0);
  const [page, { zones }] = await Promise.all([
    api.stores(id, { ...params, limit, offset }, signal),
    api.zones(id, params.window, signal),
  ]);
  if (signal.aborted) return;
  title(`Stores, ${f.windowName(params.window).toLowerCase()}`);
  const link = (change) => {
    const all = Object.entries({ ...params, offset: 0, ...change }).filter(([, v]) => v !== '' && v !== 0);
    return `${api.reportPath(id)}/stores?${new URLSearchParams(all)}`;
  };
  const result = h('div', { 'aria-live': 'polite' });
  const drawResult = (found) => put(result, resultOf(report, params, found, link));

  // update loads another result without a new page, so that the search field keeps its focus.
  let latest = 0;
  const update = async (change) => {
    Object.assign(params, change);
    history.replaceState(null, '', link({}));
    const mine = ++latest;
    result.classList.add('waiting');
    try {
      const found = await api.stores(id, { ...params, limit, offset: 0 }, signal);
      if (mine === latest) drawResult(found);
    } catch (error) {
      if (mine === latest && error.name !== 'AbortError')
        put(
          result,
          parts.failure(error, () => update({})),
        );
    } finally {
      if (mine === latest) result.classList.remove('waiting');
    }
  };

  put(
    main,
    parts.crumbs(['/reports', 'Reports'], [api.reportPath(id), reportTitle(report)]),
    parts.heading('Stores', parts.subline('up to ', parts.time(report.as_of))),
    notices(report),
    filters({ report, windows, zones, params, link, update, signal }),
    result,
  );
  drawResult(page);
}

function filters({ report, windows, zones, params, link, update, signal }) {
  const search = h('input', {
    class: 'form-control form-control-sm',
    type: 'search',
    id: 'search',
    placeholder: hasNames(report) ? 'part of a name, an id or an attribute' : 'part of a store id',
    value: params.search,
    autocomplete: 'off',
  });
  const searchNow = () => update({ search: search.value });
  let timer;
  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(searchNow, 250);
  });
  signal.addEventListener('abort', () => clearTimeout(timer)); // or it would change the address of the next page
  const onsubmit = (event) => {
    event.preventDefault();
    clearTimeout(timer);
    searchNow();
  };
  const filter = (name, label, options) =>
    parts.labelledSelect(label, options, params[name], (chosen) => update({ [name]: chosen }), { 'data-name': name });
  const zoneNames = zones.map((z) => z.timezone).sort();
  const order = parts.labelledSelect(
    'Order',
    sortOptions([storeColumn(report, params.sort), ...columnsOf(report)], params),
    `${params.sort} ${params.order}`,
    (chosen) => {
      const [sort, order] = chosen.split(' ');
      update({ sort, order });
    },
  );
  order.classList.add('d-sm-none');
  return h(
    'form',
    { class: 'filters', role: 'search', onsubmit },
    h(
      'div',
      { class: 'field' },
      h('span', {}, 'Window'),
      parts.windowPicker(windows, params.window, (window) => go(link({ window }))),
    ),
    h('label', { class: 'field grow', for: 'search' }, h('span', {}, 'Search'), search),
    filter('zone', 'Zone', [['', 'All zones'], ...zoneNames.map((name) => [name, name])]),
    filter('status', 'Status', Object.entries(statuses)),
    order,
  );
}

function resultOf(report, params, found, link) {
  const id = report.report_id;
  const all = link({ search: '', zone: '', status: '' });
  const isFiltered = params.search || params.zone || params.status;
  const total = h(
    'p',
    { class: 'mb-0' },
    h('strong', { class: 'num' }, f.plural(found.total, 'store')),
    isFiltered ? [' of ', f.count(report.stores), ' ', h('a', { href: all }, 'show all')] : '',
  );
  const csv = parts.downloadLink(
    api.fileURL(id, 'stores.csv', { ...params, excel: true }),
    'Download CSV',
    'All pages of this list; adds a quote to ids that a spreadsheet would run as formulas',
  );
  const searched = hasNames(report) ? 'names, ids and attributes' : 'ids';
  const hint = params.search
    ? `The search matches parts of ${searched}, in any case.`
    : 'Try another window, zone or status.';
  const showAll = parts.bigLinkButton('outline-secondary', all, 'Show all stores');
  return [
    parts.panelHead(total, csv),
    found.total === 0 ? parts.empty('No matching stores', hint, showAll) : storeTable(report, params, found, link),
    (found.total > limit || found.offset > 0) &&
      parts.pager(found.total, found.offset, limit, (at) => link({ offset: at })),
  ];
}

// storeColumn sorts by name where stores have one, unless the address asks for the order of the ids.
const storeColumn = (report, sort) => ({
  key: hasNames(report) && sort !== 'store_id' ? 'name' : 'store_id',
  name: 'Store',
});

function storeTable(report, params, found, link) {
  const columns = columnsOf(report);
  const headings = [storeColumn(report, params.sort), ...columns].map((c) => sortHeading(c, params, link));
  const lines = found.stores.map((r) =>
    row(
      rowHead(storeLink(report.report_id, r), h('span', { class: 'sub d-lg-none' }, r.timezone)),
      columns.map((c) => cellOf(columnClasses(c, params.sort), c.cell(r))),
    ),
  );
  const caption = `Stores in the ${params.window.replaceAll('_', ' ')}`;
  return responsive(table(headings, lines, { extra: 'table-hover', caption }));
}
