// The stores of a report, worst first. What is shown is in the address, so that it can be shared.
import * as api from './api.js';
import { copyLink } from './copying.js';
import { h, put } from './dom.js';
import { notices } from './findings.js';
import { fit } from './fitting.js';
import * as f from './format.js';
import { reportTitle } from './label.js';
import { listOf, listPath, withoutFilters, worstFirst } from './listing.js';
import { hasPlanned, lengthOf, ratio, splitBar, value } from './measures.js';
import { hasNames, storeLink } from './names.js';
import * as parts from './parts.js';
import { go } from './router.js';
import { offsetAt } from './shownzone.js';
import { columnClasses, sortHeading, sortOptions } from './sorting.js';
import { chips, filterForm } from './store_filters.js';
import { cellOf, responsive, row, rowHead, table } from './tables.js';
import { verdict } from './targets.js';
import { words } from './words.js';

const limit = 50;

const number = (n) => h('span', { class: 'num' }, f.count(n));

function covered(r) {
  if (!r.open_seconds) return '';
  const text = f.percent(r.covered_seconds / r.open_seconds, 1);
  return value(text, f.exactSeconds(r.covered_seconds), { class: 'num' });
}

// seconds is a column of a duration; from names the breakpoint from which it is shown.
const seconds = (key, name, from) => ({ key, name, from, end: true, cell: (r) => lengthOf(r[key]) });

// downSince also shows how long before the end of the report that was.
const downSince = (report) => (r) => {
  if (!r.down_since) return '';
  const since = f.instant(r.down_since);
  const tip = `${r.down_since}\nat the earliest the start of the longest window`;
  const props = { datetime: r.down_since.replace(' ', 'T'), class: 'num text-nowrap', 'data-tip': tip };
  const draw = (element) => {
    const wall = since + offsetAt(since);
    element.textContent = `${f.wallDate(wall)} ${f.wallClock(wall)}`;
  };
  return [
    parts.live(h('time', props), draw),
    h('div', { class: 'sub text-nowrap' }, f.age(f.instant(report.as_of) - since)),
  ];
};

const targetColumns = [
  {
    key: 'target',
    name: 'Target',
    end: true,
    from: 'xl',
    onPaper: true,
    cell: (r) => (r.target === null ? '' : `${r.target} %`),
  },
  { key: 'verdict', name: 'Verdict', cell: (r) => verdict(r.verdict) },
];

// A column: the key it sorts by, its heading, the breakpoint from which it is shown, and its cell.
const isDown = ({ status }) => status.startsWith('down');

const columnsOf = (report, params) => [
  { key: 'timezone', name: 'Zone', from: 'lg', cell: (r) => r.timezone },
  {
    key: 'uptime_ratio',
    name: 'Uptime',
    from: isDown(params) && 'sm',
    end: true,
    cell: (r) => (r.open_seconds ? ratio(r.uptime_ratio) : ''),
  },
  { key: null, name: 'Share', wide: true, from: 'sm', cell: splitBar },
  ...(isDown(params) ? [{ key: 'down_since', name: 'Down since', cell: downSince(report) }] : []),
  seconds('downtime_seconds', 'Down'),
  ...(report.targets?.length ? targetColumns : []),
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

// leastFirst are the columns that may be left out in a narrow window.
const leastFirst = [
  'uptime_max_seconds',
  'uptime_min_seconds',
  'observations',
  'uptime_seconds',
  'target',
  'planned_seconds',
  'covered_seconds',
  'open_seconds',
  'timezone',
  'unknown_seconds',
  'longest_outage_seconds',
  'outages',
  null, // the bar
  'verdict',
  'uptime_ratio',
  'downtime_seconds',
];

export async function show(main, { args: [id], query, signal, title }) {
  const report = await api.report(id, signal);
  if (report.state !== 'complete') {
    const link = parts.bigLinkButton('primary', api.reportPath(id), 'Show the report');
    put(main, parts.empty('This report has no stores yet', `It is ${report.state}.`, link));
    return;
  }
  const windows = report.fleet.map((w) => w.time_window);
  const asked = listOf(query);
  const isSorted = asked.sort && (asked.sort !== 'down_since' || isDown(asked)); // a column of lists of the status
  const params = { ...asked, ...(isSorted ? {} : worstFirst), window: asked.window || windows.at(-1) };
  params.order ||= 'asc';
  const offset = Math.max(0, Number.parseInt(query.get('offset') ?? '0', 10) || 0);
  const [page, { zones }, { attributes }] = await Promise.all([
    api.stores(id, { ...params, limit, offset }, signal),
    api.zones(id, params.window, signal),
    report.attributes?.length ? api.attributes(id, signal) : { attributes: [] },
  ]);
  if (signal.aborted) return;
  title(`Stores, ${f.windowName(params.window).toLowerCase()}`);
  const link = (change) => {
    const { offset: at = 0, ...list } = { ...params, ...change };
    return listPath(id, list, at);
  };
  const result = h('div', { 'aria-live': 'polite' });
  const drawResult = (found) => put(result, resultOf(report, params, found, link));

  // update loads another result without a new page, so that the form keeps its focus. Back undoes it; the letters of one
  // search are undone together.
  let latest = 0;
  const update = async (change, isSameStep) => {
    Object.assign(params, change);
    if (params.sort === 'down_since' && !isDown(params)) Object.assign(params, worstFirst);
    if (isSameStep) history.replaceState(null, '', link({}));
    else history.pushState(null, '', link({}));
    const mine = ++latest;
    result.classList.add('waiting');
    try {
      const found = await api.stores(id, { ...params, limit, offset: 0 }, signal);
      if (mine === latest) drawResult(found);
    } catch (error) {
      if (mine === latest && error.name !== 'AbortError')
        put(
          result,
          parts.failure(error, () => update({}, true)),
        );
    } finally {
      if (mine === latest) result.classList.remove('waiting');
    }
  };

  put(
    main,
    parts.crumbs(['/reports', 'Reports'], [api.reportPath(id), reportTitle(report)]),
    parts.heading(
      'Stores',
      parts.subline(
        f.windowName(params.window),
        parts.datesOf(report, params.window),
        ', up to ',
        parts.time(report.as_of),
      ),
    ),
    notices(report),
    filterForm({
      report,
      zones,
      attributes,
      params,
      update,
      signal,
      windows: parts.windowPicker(windows, params.window, (window) => go(link({ window }))),
      order: orderMenu(report, params, update),
    }),
    result,
  );
  drawResult(page);
}

// orderMenu replaces the headings on phones.
function orderMenu(report, params, update) {
  const options = sortOptions([storeColumn(report, params.sort), ...columnsOf(report, params)], params);
  const order = parts.labelledSelect('Order', options, `${params.sort} ${params.order}`, (chosen) => {
    const [sort, order] = chosen.split(' ');
    update({ sort, order });
  });
  order.classList.add('d-sm-none');
  return order;
}

function resultOf(report, params, found, link) {
  const id = report.report_id;
  const all = link(withoutFilters);
  const active = chips(params, link);
  const total = h(
    'p',
    { class: 'mb-0' },
    h('strong', { class: 'num' }, f.plural(found.total, 'store')),
    active ? [' of ', f.count(report.stores), ' ', h('a', { href: all }, 'show all')] : '',
  );
  const csv = parts.downloadLink(
    api.fileURL(id, 'stores.csv', { ...params, excel: true }),
    'Download CSV',
    'All pages of this list, with the attributes; adds a quote to ids that a spreadsheet would run as formulas',
  );
  const searched = hasNames(report) ? 'names, ids and attributes' : 'ids';
  const hint = params.search
    ? `The search matches parts of ${searched}, in any case, or several ids exactly.`
    : 'Remove a filter, or try another window.';
  const showAll = parts.bigLinkButton('outline-secondary', all, 'Show all stores');
  return [
    active,
    missing(found.missing_ids),
    parts.panelHead(total, h('span', { class: 'actions' }, copyLink(), ' ', csv)),
    found.total === 0 ? parts.empty('No matching stores', hint, showAll) : storeTable(report, params, found, link),
    (found.total > limit || found.offset > 0) &&
      parts.pager(found.total, found.offset, limit, (at) => link({ offset: at })),
  ];
}

// missing says which of several ids no store of the report has.
function missing(ids) {
  if (!ids?.length) return null;
  const most = 20;
  const more = ids.length > most ? ` and ${f.count(ids.length - most)} more` : '';
  const text = `No store of the report has ${ids.length === 1 ? 'the id' : 'the ids'} ${ids.slice(0, most).join(', ')}${more}.`;
  return parts.callout('mb-3', 'triangle-exclamation', text);
}

// storeColumn sorts by name where stores have one, unless the address asks for the order of the ids.
const storeColumn = (report, sort) => ({
  key: hasNames(report) && sort !== 'store_id' ? 'name' : 'store_id',
  name: 'Store',
});

function storeTable(report, params, found, link) {
  const columns = columnsOf(report, params);
  const headings = [storeColumn(report, params.sort), ...columns].map((c) => sortHeading(c, params, link));
  const lines = found.stores.map((r, i) =>
    row(
      rowHead(
        storeLink(report.report_id, r, r.store_id, { ...params, at: found.offset + i }),
        h('span', { class: 'sub d-lg-none' }, r.timezone),
      ),
      columns.map((c) => cellOf(columnClasses(c, params.sort), c.cell(r))),
    ),
  );
  const caption = `Stores in the ${params.window.replaceAll('_', ' ')}`;
  const box = responsive(table(headings, lines, { extra: 'table-hover', caption }));
  const asked = ['Uptime', 'Covered', 'Unknown', 'Up at least'];
  if (hasPlanned(report.fleet)) asked.push('Planned');
  if (report.targets?.length) asked.push('Verdict', 'Likely missed');
  return [fit(box, columns, { keys: leastFirst, sort: params.sort }), words(asked)];
}
