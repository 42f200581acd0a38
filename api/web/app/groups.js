// The groups of an attribute in a report: what the stores with the same value have together.
import * as api from './api.js';
import { h, put } from './dom.js';
import * as f from './format.js';
import { listPath, worstFirst } from './listing.js';
import { hasPlanned, hoursOf, ratio, splitBar } from './measures.js';
import * as parts from './parts.js';
import { sub } from './parts.js';
import { verdict } from './targets.js';
import { columnClasses, sortHeading, sortOptions } from './sorting.js';
import { cellOf, responsive, row, rowHead, table } from './tables.js';
import { words } from './words.js';

const limit = 50;

// groupParams reads from the address which groups to show; null if no attribute makes any.
export function groupParams(report, query, window) {
  const names = (report.attributes ?? []).filter((a) => a.grouped).map((a) => a.attribute);
  if (!names.length) return null;
  return {
    attribute: names.includes(query.get('attribute')) ? query.get('attribute') : names[0],
    window,
    sort: query.get('sort') ?? 'value',
    order: query.get('order') ?? 'asc',
    limit,
    offset: Math.max(0, Number.parseInt(query.get('offset') ?? '0', 10) || 0),
  };
}

const number = (n) => h('span', { class: 'num' }, f.count(n));
const hours = (key, name, from) => ({ key, name, from, end: true, cell: (g) => hoursOf(g[key]) });
const count = (key, name, from) => ({ key, name, from, end: true, cell: (g) => number(g[key]) });
const share = (seconds, g) => (g.open_seconds ? ratio(seconds / g.open_seconds, 1) : '');

// both counts the stores of which a verdict is certain, and those of which it is likely.
const both = (sure, likely) =>
  h('span', { class: 'num text-nowrap' }, f.count(sure), likely > 0 && sub(` + ${f.count(likely)} likely`));

// neither is how many stores of a group neither met nor missed their target, likely or not.
const neither = (g) => g.stores - g.stores_met - g.stores_likely_met - g.stores_likely_missed - g.stores_missed;

const targetColumns = [
  {
    key: null,
    name: 'Stores met',
    end: true,
    from: 'lg',
    onPaper: true,
    cell: (g) => (g.stores_met === null ? '' : both(g.stores_met, g.stores_likely_met)),
  },
  {
    key: null,
    name: 'Stores missed',
    end: true,
    from: 'lg',
    onPaper: true,
    cell: (g) => (g.stores_met === null ? '' : both(g.stores_missed, g.stores_likely_missed)),
  },
  {
    key: null,
    name: 'Unknown or never open',
    end: true,
    from: 'xxl',
    onPaper: true,
    cell: (g) => (g.stores_met === null ? '' : number(neither(g))),
  },
  {
    key: 'target',
    name: 'Target',
    end: true,
    from: 'md',
    onPaper: true,
    cell: (g) => (g.target === null ? '' : `${g.target} %`),
  },
  { key: 'verdict', name: 'Verdict', cell: (g) => verdict(g.verdict) },
];

const columnsOf = (report) => [
  count('stores', 'Stores', 'sm'),
  { key: 'uptime_ratio', name: 'Uptime', end: true, cell: (g) => (g.open_seconds ? ratio(g.uptime_ratio) : 'closed') },
  { key: null, name: 'Share', wide: true, from: 'md', cell: splitBar },
  {
    key: null,
    name: 'At least',
    word: 'up at least',
    end: true,
    from: 'xxl',
    onPaper: true,
    cell: (g) => share(g.uptime_min_seconds, g),
  },
  {
    key: null,
    name: 'At most',
    word: 'up at most',
    end: true,
    from: 'xxl',
    onPaper: true,
    cell: (g) => share(g.uptime_max_seconds, g),
  },
  { key: null, name: 'Covered', end: true, from: 'lg', cell: (g) => share(g.covered_seconds, g) },
  hours('downtime_seconds', 'Down'),
  hours('unknown_seconds', 'Unknown', 'md'),
  hours('open_seconds', 'Open', 'xxl'),
  ...(hasPlanned(report.fleet) ? [hours('planned_seconds', 'Planned', 'xl')] : []),
  count('outages', 'Outages', 'sm'),
  count('stores_unknown', 'All unknown', 'xxl'),
  ...(report.targets?.length ? targetColumns : []),
];

// groupPanel is null for a report without attributes. What is chosen is in the address; redraw shows another one.
export function groupPanel({ report, windows, chosen, groups, link, redraw }) {
  if (!report.attributes?.length) return null;
  const errors = h('div', {});
  const pick = (change) => show(link(change));
  const show = (url) =>
    redraw(url).catch((error) => {
      if (error.name === 'AbortError') return;
      put(
        errors,
        parts.failure(error, () => show(url)),
      );
    });
  const content = chosen
    ? [menus(report, windows, chosen, pick), result(report, chosen, groups, link)]
    : parts.subline('No attribute of the stores makes groups.');
  const panel = h(
    'section',
    { class: 'panel', 'aria-label': 'Groups' },
    h('h2', {}, 'Groups'),
    content,
    excess(report),
    errors,
  );
  panel.addEventListener('click', (event) => {
    const to = event.target.closest('a[href]');
    const isOther = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (!to || isOther || to.pathname !== location.pathname) return;
    event.preventDefault(); // a heading or a page of the table
    show(to.pathname + to.search);
  });
  return panel;
}

function menus(report, windows, chosen, pick) {
  const names = report.attributes.filter((a) => a.grouped).map((a) => [a.attribute, a.attribute]);
  const windowNames = windows.map((name) => [name, f.windowName(name)]);
  const options = sortOptions([valueColumn(chosen), ...columnsOf(report)], chosen);
  const byOrder = (text) => {
    const [sort, order] = text.split(' ');
    pick({ sort, order });
  };
  const order = parts.labelledSelect('Order', options, `${chosen.sort} ${chosen.order}`, byOrder, {
    id: 'group-order',
  });
  order.classList.add('d-sm-none');
  return h(
    'div',
    { class: 'filters' },
    parts.labelledSelect('Attribute', names, chosen.attribute, (attribute) => pick({ attribute }), {
      id: 'group-attribute',
    }),
    parts.labelledSelect('Window', windowNames, chosen.window, (window) => pick({ window }), { id: 'group-window' }),
    order,
  );
}

const valueColumn = ({ attribute }) => ({ key: 'value', name: attribute });

function result(report, chosen, groups, link) {
  const columns = columnsOf(report);
  const headings = [valueColumn(chosen), ...columns].map((c) => sortHeading(c, chosen, link));
  const lines = groups.groups.map((g) =>
    row(
      rowHead(storesOf(report, chosen, g.value)),
      columns.map((c) => cellOf(columnClasses(c, chosen.sort), c.cell(g))),
    ),
  );
  const csv = parts.downloadLink(
    api.fileURL(report.report_id, 'groups.csv', { ...chosen, limit: '', offset: '', excel: true }),
    'Download CSV',
    'All groups of this attribute; adds a quote to values that a spreadsheet would run as formulas',
  );
  const days = parts.downloadLink(
    api.fileURL(report.report_id, 'days.csv', { attribute: chosen.attribute, excel: true }),
    'By date',
    'The sums of each group by local date, as CSV',
  );
  const caption = `Groups of ${chosen.attribute}, ${f.windowName(chosen.window).toLowerCase()}`;
  const total = h('p', { class: 'mb-0', 'aria-live': 'polite' }, f.plural(groups.total, 'group'));
  return [
    parts.panelHead(total, h('span', { class: 'actions' }, days, ' ', csv)),
    responsive(table(headings, lines, { extra: 'table-hover', caption })),
    words(['Uptime', 'Covered', 'Unknown', 'All unknown', ...(report.targets?.length ? ['Verdict'] : [])]),
    (groups.total > limit || groups.offset > 0) &&
      parts.pager(groups.total, groups.offset, limit, (at) => link({ offset: at })),
  ];
}

// storesOf leads to the stores of a group.
function storesOf(report, { attribute, window }, value) {
  const href = listPath(report.report_id, { ...worstFirst, window, attribute, value });
  return h('a', { href, class: value ? null : 'muted' }, value || 'without a value');
}

// excess says which attributes make no groups.
function excess(report) {
  const list = report.attributes.filter((a) => !a.grouped).map((a) => `${a.attribute} (${f.count(a.values)})`);
  return list.length > 0 && parts.subline(`Too many values for groups: ${list.join(', ')}.`);
}
