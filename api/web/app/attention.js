// What matters first: the lists of stores that somebody may have to act on.
import * as api from './api.js';
import { h, put } from './dom.js';
import * as f from './format.js';
import { lengthOf, ratio, splitBar } from './measures.js';
import { shownID, storeLink } from './names.js';
import { button, csvLink, failure, live, panelHead, sub, time } from './parts.js';
import { period } from './shownzone.js';
import { cellOf, numberCell, numeric, responsive, row, rowHead, shownFrom, table } from './tables.js';

const shown = 5; // rows of a list at first
const most = 1000; // rows of a list, as the server gives them

// A list: its title, the words for a list without rows if they differ, what it says, the page of stores or the file that has
// all of it if there is one, and a colour if it wants action.
const listsOf = ({
  report_id: id,
  time_window: window,
  attribute,
  value,
  before,
  planned,
  down_whole: downWhole,
  went_down: went,
}) => {
  const apart = downWhole.total;
  const whole = f.windowName(window).toLowerCase();
  const compared = () => api.comparePath(before.report_id, id, { window, ...(attribute && { attribute, value }) });
  const reportBefore = () => h('a', { href: compared() }, 'report of ', time(before.as_of));
  return [
    {
      name: 'down_now',
      title: 'Down now',
      note: [
        'within their opening hours at the end of the report',
        apart > 0 && `, without those down throughout the ${whole}`,
      ],
      link: { status: 'down_and_open', sort: 'down_since', order: 'desc' },
      colour: 'text-down',
    },
    before && {
      name: 'went_down',
      title: 'Went down',
      none: 'newly down',
      file: { name: 'outages.csv', query: { new: true }, tip: 'These outages in UTC, for Excel' },
      note: [
        `${went.total === 1 ? 'outage' : 'outages'} of ${f.plural(went.store_count, 'store')} since the `,
        reportBefore(),
      ],
      colour: 'text-down',
    },
    before && { name: 'recovered', title: 'Up again', note: ['down in the ', reportBefore()], isUp: true },
    {
      name: 'down_whole',
      title: `Down throughout the ${whole}`,
      note: 'closed for good, or polled wrongly?',
      link: { status: 'down_whole', sort: 'open_seconds', order: 'desc' },
    },
    {
      name: 'unknown',
      title: 'Nothing known',
      note: `open in the ${whole}, never observed`,
      link: { status: 'unknown', sort: 'open_seconds', order: 'desc' },
      colour: 'text-unknown',
    },
    {
      name: 'planned_now',
      title: 'Closed by plan now',
      note: `${f.count(planned.total)} at some time of the ${whole}`,
      link: { status: 'planned', sort: 'planned_seconds', order: 'desc' },
    },
  ].filter(Boolean);
};

// attentionSection shows the lists with stores in them, and names the others in one line.
export function attentionSection(report, attention, link, group) {
  const lists = listsOf(attention);
  const total = ({ name }) => attention[name].total;
  const empty = lists.filter((one) => !total(one)).map(({ title, none }) => none ?? title.toLowerCase());
  return h(
    'section',
    { 'aria-label': 'What matters first' },
    h(
      'div',
      { class: 'attention' },
      lists.filter(total).map((list) => panel({ report, attention, list, link, group })),
    ),
    empty.length > 0 && h('p', { class: 'sub' }, `No store: ${empty.join(', ')}.`),
    !attention.before && h('p', { class: 'sub' }, 'No earlier report with the same parameters to compare with.'),
  );
}

function panel({ report, attention, list, link, group }) {
  const { total, stores } = attention[list.name];
  const id = `attention-${list.name}`;
  const number = h('span', { class: `big num ${list.colour ?? ''}`.trim() }, f.count(total));
  const items = (some) => some.map((store) => item(report, attention, list, store));
  const lines = h('ul', { class: 'plain attention-list' }, items(stores.slice(0, shown)));
  const more = h('span', {});
  const showAll = async () => {
    const params = { window: attention.time_window, ...group, limit: most };
    try {
      const all = await api.attention(report.report_id, params);
      put(lines, items(all[list.name].stores));
      lines.classList.add('scroll');
      lines.tabIndex = 0;
      put(more, total > most && sub(`The first ${f.count(most)}.`));
      lines.focus();
    } catch (error) {
      put(more, failure(error, showAll));
    }
  };
  put(more, total > shown && button('link plain', showAll, `Show all ${f.count(total)}`));
  const page = list.link && link({ window: attention.time_window, ...list.link });
  const csv = list.file && api.fileURL(report.report_id, list.file.name, { ...group, ...list.file.query, excel: true });
  return h(
    'div',
    { class: 'panel', role: 'group', 'aria-labelledby': id },
    h('h2', { id }, list.title),
    h('p', { class: 'attention-head' }, number, sub(list.note)),
    lines,
    h(
      'div',
      { class: 'attention-more' },
      more,
      page && h('a', { class: 'small', href: page }, pageOf(list, attention)),
      csv && csvLink(csv, list.file.tip),
    ),
  );
}

// pageOf names the page of stores, which may have more than the list.
function pageOf({ name }, attention) {
  if (name === 'down_now' && attention.down_whole.total) return 'With those down throughout';
  return name === 'planned_now' ? `All ${f.count(attention.planned.total)}` : 'In the list of stores';
}

function item(report, attention, list, store) {
  const { store_id: id, name } = store;
  const href = api.storePath(report.report_id, id);
  const tip = `${id}\n${store.timezone}`;
  return h(
    'li',
    {},
    h(
      'span',
      { class: 'who' },
      h('a', { class: name ? '' : 'id', href, 'data-tip': tip }, name || shownID(id)),
      store.shares_name && [' ', h('span', { class: 'sub id' }, shownID(id))],
    ),
    h('span', { class: 'how' }, howLong(attention, list, store)),
  );
}

// howLong is since when or from when to when and how long a store is or was down, until when one was that is up again, or
// the seconds that the list is about. An outage ends with the open time: what follows until the store opens again is neither
// down nor up. Its length is open time.
function howLong(attention, list, store) {
  const { since, until, seconds } = store;
  if (!since || list.name === 'down_whole') return lengthOf(seconds);
  if (list.isUp) {
    const revised = since !== store.was_down_until; // that report could only assume until when
    return h('span', { class: 'sub' }, 'down until ', time(since), revised && ', as polls show by now');
  }
  const when = until
    ? periodOf(since, until)
    : ['since ', time(since), list.name === 'went_down' && [', ', h('span', { class: 'text-down' }, 'still down')]];
  return [h('span', { class: 'sub' }, when), ' ', h('span', { class: 'num' }, lengthOf(seconds))];
}

const periodOf = (since, until) =>
  live(h('span', { class: 'num', 'data-tip': `${since} to ${until}` }), (element) => {
    element.textContent = period(since, until);
  });

// worstStores has the most downtime that can be acted on.
export function worstStores(report, attention, link) {
  const { total, stores } = attention.worst;
  const window = attention.time_window;
  const title = h('h2', {}, 'Worst stores', sub(` ${f.windowName(window).toLowerCase()}`));
  const apart = attention.down_whole.total;
  const note = apart > 0 && h('p', { class: 'sub' }, `Without ${f.plural(apart, 'store')} down throughout.`);
  if (!total)
    return [panelHead(title), h('p', { class: 'text-body-secondary' }, 'No store was down for a part of it.'), note];
  const wide = `wide ${shownFrom('sm')}`;
  const headings = [
    'Store',
    numeric('Down'),
    { hidden: 'Share of open time', class: wide },
    numeric('Uptime'),
    numeric('Outages', 'sm'),
    numeric('Longest', 'md'),
  ];
  const lines = stores.map((store) =>
    row(
      rowHead(storeLink(report.report_id, store, `${store.store_id}\n${store.timezone}`)),
      numberCell(lengthOf(store.downtime_seconds)),
      cellOf(wide, splitBar(store)),
      numberCell(ratio(store.uptime_ratio, 1)),
      cellOf(`text-end num ${shownFrom('sm')}`, f.count(store.outages)),
      cellOf(`text-end ${shownFrom('md')}`, lengthOf(store.longest_outage_seconds)),
    ),
  );
  const all = link({ window, sort: 'downtime_seconds', order: 'desc' });
  return [
    panelHead(title, h('a', { class: 'small', href: all }, 'all by downtime')),
    responsive(table(headings, lines)),
    note,
  ];
}
