// Tables that the server sorts: their headings are links, and what is sorted is in the address.
import { h, icon } from './dom.js';
import { shownFrom } from './tables.js';
import { explanation, term } from './words.js';

const ascendingFirst = [
  'name',
  'store_id',
  'timezone',
  'value',
  'uptime_ratio',
  'covered_seconds',
  'uptime_min_seconds',
  'uptime_max_seconds',
  'uptime_seconds',
  'budget_left_seconds',
  'down_since',
];
const firstOrder = (key) => (ascendingFirst.includes(key) ? 'asc' : 'desc');

// sortHeading sorts by its column, or reverses the order if that is how the table is sorted. A column has the key it sorts
// by, its name, the breakpoint from which it is shown, whether
// paper shows it in any case, and its word in the glossary if that is not its name.
export function sortHeading(c, { sort, order }, link) {
  const props = { scope: 'col', class: columnClasses(c, sort) };
  if (!c.key) return h('th', props, c.word ? term(c.name, c.word) : c.name);
  const about = explanation(c.word ?? c.name);
  const id = `sort-${c.key}`;
  if (sort !== c.key) {
    return h('th', props, h('a', { id, href: link({ sort: c.key, order: firstOrder(c.key) }), ...about }, c.name));
  }
  const isAscending = order === 'asc';
  const href = link({ sort: c.key, order: isAscending ? 'desc' : 'asc' });
  const arrow = icon(isAscending ? 'arrow-up' : 'arrow-down');
  const sorted = { ...props, 'aria-sort': isAscending ? 'ascending' : 'descending' };
  return h('th', sorted, h('a', { id, href, class: 'sorted', ...about }, c.name, arrow));
}

// sortOptions are those of the order menu, which replaces the column headings on phones. The reverse of a usual order is
// listed only while it is in use.
export function sortOptions(columns, { sort, order }) {
  const list = columns.filter((c) => c.key).map((c) => [`${c.key} ${firstOrder(c.key)}`, c.name]);
  const i = list.findIndex(([v]) => v.startsWith(`${sort} `));
  const current = `${sort} ${order}`;
  if (i >= 0 && list[i][0] !== current) {
    list.splice(i + 1, 0, [current, `${list[i][1]}, ${order === 'asc' ? 'lowest' : 'highest'} first`]);
  }
  return list;
}

// columnClasses shows the column that the table is sorted by at every width.
export function columnClasses(c, sort) {
  const names = [
    c.end && 'text-end',
    c.onPaper && 'on-paper',
    c.wide && 'wide',
    c.from && c.key !== sort && shownFrom(c.from),
  ];
  return names.filter(Boolean).join(' ') || null;
}
