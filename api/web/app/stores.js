// The stores of a report: what is shown is in the address, so that it can be shared.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import * as f from './format.js';
import { go } from './main.js';
import {
  crumbs,
  downloadLink,
  empty,
  failure,
  heading,
  lengthOf,
  notices,
  pager,
  ratio,
  splitBar,
  time,
  value,
  windowPicker,
} from './parts.js';

const limit = 50;
const statuses = {
  '': 'All stores',
  down: 'Down when last open',
  down_and_open: 'Down and open at the end',
  outage: 'With an outage',
  unknown: 'Nothing known',
  closed: 'Never open',
};

// A column: what it sorts by, its name, from which width on it is there, and its cell.
const columns = [
  { key: 'timezone', name: 'Zone', from: 'lg', cell: (r) => r.timezone },
  { key: 'uptime_ratio', name: 'Uptime', end: true, cell: (r) => (r.open_seconds ? ratio(r.uptime_ratio) : '') },
  { key: null, name: 'Share', wide: true, from: 'sm', cell: splitBar },
  { key: 'downtime_seconds', name: 'Down', end: true, cell: (r) => lengthOf(r.downtime_seconds) },
  { key: 'unknown_seconds', name: 'Unknown', end: true, from: 'md', cell: (r) => lengthOf(r.unknown_seconds) },
  { key: 'uptime_seconds', name: 'Up', end: true, from: 'xxl', cell: (r) => lengthOf(r.uptime_seconds) },
  { key: 'open_seconds', name: 'Open', end: true, from: 'lg', cell: (r) => lengthOf(r.open_seconds) },
  {
    key: 'uptime_min_seconds',
    name: 'Up at least',
    end: true,
    from: 'xxl',
    cell: (r) => lengthOf(r.uptime_min_seconds),
  },
  {
    key: 'uptime_max_seconds',
    name: 'Up at most',
    end: true,
    from: 'xxl',
    cell: (r) => lengthOf(r.uptime_max_seconds),
  },
  {
    key: 'covered_seconds',
    name: 'Covered',
    end: true,
    from: 'lg',
    cell: (r) =>
      r.open_seconds
        ? value(f.percent(r.covered_seconds / r.open_seconds, 1), f.exactSeconds(r.covered_seconds), { class: 'num' })
        : '',
  },
  {
    key: 'observations',
    name: 'Observations',
    end: true,
    from: 'xl',
    cell: (r) => h('span', { class: 'num' }, f.count(r.observations)),
  },
  {
    key: 'outages',
    name: 'Outages',
    end: true,
    from: 'sm',
    cell: (r) => h('span', { class: 'num' }, f.count(r.outages)),
  },
  {
    key: 'longest_outage_seconds',
    name: 'Longest',
    end: true,
    from: 'md',
    cell: (r) => lengthOf(r.longest_outage_seconds),
  },
];

export async function show(main, { args: [id], query, signal, title }) {
  const asked = (name, otherwise = '') => query.get(name) ?? otherwise;
  const report = await api.report(id, signal);
  if (report.state !== 'complete') {
    put(
      main,
      empty(
        'This report has no stores yet',
        `It is ${report.state}.`,
        h('a', { href: api.reportPath(id), class: 'btn btn-primary' }, 'Look at the report'),
      ),
    );
    return;
  }
  const windows = report.fleet.map((w) => w.time_window);
  const params = {
    window: asked('window', windows.at(-1)),
    sort: asked('sort', 'store_id'),
    order: asked('order', 'asc'),
    search: asked('search'),
    zone: asked('zone'),
    status: asked('status'),
  };
  const offset = Math.max(0, Number.parseInt(asked('offset', '0'), 10) || 0);
  const [page, zones] = await Promise.all([
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
  put(
    main,
    crumbs(['/reports', 'Reports'], [api.reportPath(id), `Report ${f.reportName(id)}`]),
    heading('Stores', h('p', { class: 'sub' }, 'up to ', time(report.as_of))),
    notices(report),
    filters(),
    result,
  );
  fill(page);

  function filters() {
    const search = h('input', {
      class: 'form-control form-control-sm',
      type: 'search',
      id: 'search',
      placeholder: 'part of a store id',
      value: params.search,
      autocomplete: 'off',
    });
    let timer;
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => update({ search: search.value }), 250);
    };
    search.addEventListener('input', soon);
    signal.addEventListener('abort', () => clearTimeout(timer)); // it would change the address of the next page
    const select = (name, label, options) =>
      h(
        'label',
        { class: 'field' },
        h('span', {}, label),
        h(
          'select',
          {
            class: 'form-select form-select-sm',
            'data-name': name,
            onchange: (e) => update({ [name]: e.target.value }),
          },
          options.map(([v, text]) => h('option', { value: v, selected: v === params[name] }, text)),
        ),
      );
    return h(
      'form',
      {
        class: 'filters',
        role: 'search',
        onsubmit: (e) => {
          e.preventDefault();
          clearTimeout(timer);
          update({ search: search.value });
        },
      },
      h(
        'div',
        { class: 'field' },
        h('span', {}, 'Window'),
        windowPicker(windows, params.window, (name) => go(link({ window: name }))),
      ),
      h('label', { class: 'field grow', for: 'search' }, h('span', {}, 'Search'), search),
      select('zone', 'Zone', [
        ['', 'All zones'],
        ...zones.zones
          .map((z) => z.timezone)
          .sort()
          .map((z) => [z, z]),
      ]),
      select('status', 'Which', Object.entries(statuses)),
      h(
        'label',
        { class: 'field d-sm-none' },
        h('span', {}, 'Order'),
        h(
          'select',
          {
            class: 'form-select form-select-sm',
            onchange: (e) => {
              const [sort, order] = e.target.value.split(' ');
              update({ sort, order });
            },
          },
          orders(params).map(([v, text]) =>
            h('option', { value: v, selected: v === `${params.sort} ${params.order}` }, text),
          ),
        ),
      ),
    );
  }

  // update asks again without a new page, so that the typing goes on.
  let latest = 0;
  async function update(change) {
    Object.assign(params, change);
    history.replaceState(null, '', link({}));
    const mine = ++latest;
    result.classList.add('waiting');
    try {
      const next = await api.stores(id, { ...params, limit, offset: 0 }, signal);
      if (mine === latest) fill(next);
    } catch (error) {
      if (mine === latest && error.name !== 'AbortError')
        put(
          result,
          failure(error, () => update({})),
        );
    } finally {
      if (mine === latest) result.classList.remove('waiting');
    }
  }

  function fill(found) {
    const filtered = params.search || params.zone || params.status;
    put(
      result,
      h(
        'div',
        { class: 'panel-head' },
        h(
          'p',
          { class: 'mb-0' },
          h('strong', { class: 'num' }, f.plural(found.total, 'store')),
          filtered
            ? [
                ' of ',
                f.count(report.stores),
                ' ',
                h('a', { href: link({ search: '', zone: '', status: '' }) }, 'show all'),
              ]
            : '',
        ),
        downloadLink(
          api.fileURL(id, 'stores.csv', { ...params, excel: true }),
          'CSV of these',
          'All pages of what is shown; ids that a spreadsheet would take for a formula get a quote',
        ),
      ),
      found.total === 0
        ? empty(
            'No store is like that',
            params.search
              ? 'The search looks for a part of an id, in any case.'
              : 'Another window, zone or choice shows others.',
            h(
              'a',
              { class: 'btn btn-outline-secondary', href: link({ search: '', zone: '', status: '' }) },
              'Show all stores',
            ),
          )
        : table(found),
      found.total > limit || offset ? pager(found.total, found.offset, limit, (at) => link({ offset: at })) : null,
    );
  }

  function table(found) {
    const head = (c) => {
      const sorted = params.sort === c.key;
      const turn = sorted ? (params.order === 'asc' ? 'desc' : 'asc') : firstOrder(c.key);
      return h(
        'th',
        {
          scope: 'col',
          class: classes(c, params.sort),
          'aria-sort': sorted ? (params.order === 'asc' ? 'ascending' : 'descending') : null,
        },
        c.key
          ? h(
              'a',
              { href: link({ sort: c.key, order: turn }), class: sorted ? 'sorted' : null },
              c.name,
              sorted ? icon(params.order === 'asc' ? 'arrow-up' : 'arrow-down') : null,
            )
          : c.name,
      );
    };
    return h(
      'div',
      { class: 'table-responsive' },
      h(
        'table',
        { class: 'table table-sm dense table-hover' },
        h('caption', { class: 'visually-hidden' }, `Stores in the ${params.window.replaceAll('_', ' ')}`),
        h('thead', {}, h('tr', {}, head({ key: 'store_id', name: 'Store' }), columns.map(head))),
        h(
          'tbody',
          {},
          found.stores.map((row) =>
            h(
              'tr',
              {},
              h(
                'th',
                { scope: 'row' },
                h(
                  'a',
                  { class: 'id', href: api.storePath(id, row.store_id), 'data-tip': row.store_id },
                  f.shortID(row.store_id),
                ),
                h('span', { class: 'sub d-lg-none' }, row.timezone),
              ),
              columns.map((c) => h('td', { class: classes(c, params.sort) }, c.cell(row))),
            ),
          ),
        ),
      ),
    );
  }
}

// orders are what a phone chooses from, which has no heads of columns; the other way round is one where
// the address asks for it.
function orders({ sort, order }) {
  const list = [{ key: 'store_id', name: 'Store' }, ...columns.filter((c) => c.key)].map((c) => [
    `${c.key} ${firstOrder(c.key)}`,
    c.name,
  ]);
  const i = list.findIndex(([v]) => v.startsWith(`${sort} `));
  if (i >= 0 && list[i][0] !== `${sort} ${order}`)
    list.splice(i + 1, 0, [`${sort} ${order}`, `${list[i][1]}, ${order === 'asc' ? 'least' : 'most'} first`]);
  return list;
}

const firstOrder = (key) =>
  [
    'store_id',
    'timezone',
    'uptime_ratio',
    'covered_seconds',
    'uptime_min_seconds',
    'uptime_max_seconds',
    'uptime_seconds',
  ].includes(key)
    ? 'asc'
    : 'desc';
// classes: what is sorted by is there at every width.
const classes = (c, sort) =>
  [c.end ? 'text-end' : '', c.wide ? 'wide' : '', c.from && c.key !== sort ? `d-none d-${c.from}-table-cell` : '']
    .filter(Boolean)
    .join(' ') || null;
