// A store: its measures, and the sessions and observations behind them.
import * as api from './api.js';
import { causeOf } from './cause.js';
import { Clock } from './clock.js';
import { h, icon, put } from './dom.js';
import { notices } from './findings.js';
import * as f from './format.js';
import { kinds, shutSpans, untilText, whyOpen, whyShut } from './hours.js';
import { reportTitle } from './label.js';
import { listPath } from './listing.js';
import { lengthOf } from './measures.js';
import { attributeList } from './names.js';
import { listing, neighbours } from './neighbours.js';
import { outagesCSV, outageTable } from './outages.js';
import * as parts from './parts.js';
import { callout, panelColumn, panelHead, sub, time } from './parts.js';
import { daysPicture, legend } from './picture.js';
import { go } from './router.js';
import { storeMeasures } from './store_measures.js';
import { cell, cellOf, row, rowHead, scrolling, table } from './tables.js';

const weekLength = 7 * 86400e3; // milliseconds

export async function show(main, { args: [id, inPath], query, signal, title }) {
  const asked = inPath ?? query.get('store_id') ?? ''; // an id or a name
  const [report, store] = await Promise.all([api.report(id, signal), api.store(id, asked, signal)]);
  if (signal.aborted) return;
  const storeID = store.store_id;
  title(store.name ? `${store.name} ${storeID}` : storeID);
  const picture = h('div', {}, parts.loading('Computing the timeline …'));
  const lists = h('div', {});
  const path = api.reportPath(id);
  const list = listing(query);
  const others = h('div', {});
  put(
    main,
    parts.crumbs(
      ['/reports', 'Reports'],
      [path, reportTitle(report)],
      [listPath(id, list ? { ...list, at: '' } : {}), 'Stores'],
    ),
    others,
    parts.heading(
      store.name || storeID,
      parts.subline(
        store.name && [h('span', { class: 'id' }, storeID), ' · '],
        store.timezone,
        ' · up to ',
        time(report.as_of, store.timezone),
      ),
    ),
    attributeList(store.attributes),
    notices(report),
    storeMeasures(store, report),
    picture,
    lists,
  );
  neighbours(others, report, store, list, signal).catch(() => {}); // the page is whole without them
  try {
    const weeksBack = Math.max(0, Number.parseInt(query.get('week') ?? '0', 10) || 0);
    const timeline = await readTimeline(id, storeID, weeksBack, query.get('from'), signal);
    if (signal.aborted) return;
    const clock = new Clock(timeline.clock);
    put(picture, causeOf(timeline, clock, report), weekPanel(timeline, clock, report, store, weeksBack, list));
    put(lists, listPanels(timeline, clock, report, store));
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    const retry = () => go(location.pathname + location.search, { replace: true });
    put(picture, parts.failure(error, error.status ? null : retry));
  }
}

// readTimeline reads all of the timeline or, of a store with more rows than one answer has, a part of the week shown.
async function readTimeline(id, storeID, weeksBack, from, signal) {
  if (from) return { ...(await api.timeline(id, storeID, { from }, signal)), from };
  const timeline = await api.timeline(id, storeID, null, signal);
  if (!timeline.next) return timeline;
  const week = new Date(f.instant(timeline.as_of) - (weeksBack + 1) * weekLength).toISOString();
  return { ...(await api.timeline(id, storeID, { from: week }, signal)), from: week };
}

function weekPanel(timeline, clock, report, store, weeksBack, list) {
  const begins = f.instant(timeline.starts_at);
  const weekEnd = f.instant(timeline.as_of) - weeksBack * weekLength;
  const start = Math.max(begins, weekEnd - weekLength, timeline.from ? f.instant(timeline.from) : -Infinity);
  const end = Math.min(weekEnd, timeline.next ? f.instant(timeline.next) : Infinity);
  const period = ` ${clock.time(start)} to ${clock.time(end)}, ${store.timezone} (${clock.zone(end)})`;
  const page = (n, ...content) => {
    const href = api.storePath(report.report_id, store.store_id, '', { ...list, week: n || '' });
    return parts.linkButton('outline-secondary', href, content);
  };
  const rowHeight = matchMedia('(max-width: 575px)').matches ? 40 : 44;
  return [
    timeline.inputs_changed &&
      callout(
        'mb-3',
        'triangle-exclamation',
        'The input files have changed since this report was made. ' +
          'The picture shows the current files; the numbers above are those of the report.',
      ),
    timeline.defaults.length > 0 &&
      callout(
        'info mb-3',
        'circle-info',
        timeline.defaults.map((text) => h('div', {}, `Assumed: ${text.replace(/^stores/, 'store')}`)),
      ),
    (timeline.next || timeline.from) &&
      callout(
        'info mb-3',
        'circle-info',
        `This store was polled so often that the picture and the list of outages show only a part of the week. `,
        end < weekEnd &&
          h(
            'a',
            { href: partURL(report, store, { ...list, week: weeksBack || '', from: timeline.next }) },
            'Next part',
          ),
      ),
    h(
      'section',
      { class: 'panel', 'aria-label': 'Seven days' },
      panelHead(
        h('h2', {}, 'Seven days', sub(period)),
        h(
          'span',
          {},
          weekEnd - weekLength > begins && page(weeksBack + 1, icon('chevron-left'), ' Previous week'),
          ' ',
          weeksBack > 0 && page(weeksBack - 1, 'Next week ', icon('chevron-right')),
        ),
      ),
      end <= begins
        ? h('p', {}, 'The report does not go back this far.')
        : daysPicture(timeline, clock, start, end, rowHeight),
      legend(timeline, clock, start, end),
      asTable(timeline, clock, start, end),
    ),
  ];
}

const partURL = (report, store, params) => api.storePath(report.report_id, store.store_id, '', params);

// asTable shows what the picture shows as rows.
function asTable(timeline, clock, start, end) {
  const open = timeline.timeline.filter((t) => f.instant(t.ends_at) > start && f.instant(t.starts_at) < end);
  const shut = shutSpans(timeline, clock, start, end);
  const spans = [...open, ...shut].sort((a, b) => f.instant(a.starts_at) - f.instant(b.starts_at));
  const reasonText = (t) =>
    t.status in kinds
      ? whyShut({ timeline, clock }, t)
      : [t.rule, t.certain ? '' : '; not certain from the observations alone'];
  const lines = spans.map((t) => {
    const starts = f.instant(t.starts_at);
    return row(
      cellOf('num', clock.time(starts, true)),
      cellOf('num', f.wallClock(starts, true)),
      cell(h('span', { class: `key ${t.status}`, 'aria-hidden': 'true' }), ` ${kinds[t.status] ?? t.status}`),
      cell(lengthOf(t.seconds)),
      cell(reasonText(t)),
      cell(t.status === 'early' || t.status === 'gone' ? '' : whyOpen(timeline, starts)),
    );
  });
  const headings = ['From (local time)', 'UTC', 'Status', 'Length', 'Reason', 'Opening hours'];
  return h(
    'details',
    { class: 'small' },
    h('summary', {}, `Show as a table: ${f.plural(open.length, 'period')} of open time`, shutCounts(shut)),
    scrolling('Periods of open time', table(headings, lines)),
  );
}

// shutCounts says how many of the rows are no open time.
function shutCounts(shut) {
  const planned = shut.filter((t) => t.status === 'planned').length;
  const others = shut.filter((t) => t.status !== 'planned').map((t) => `, ${kinds[t.status]}`);
  return [planned > 0 && `, ${f.plural(planned, kinds.planned)}`, others];
}

function listPanels(timeline, clock, report, store) {
  const outages = timeline.inputs_changed ? store.outages : timeline.outages;
  const columns = [
    panelColumn(
      'col-lg-7',
      panelHead(h('h2', {}, 'Outages'), outagesCSV(report, store)),
      outageTable(outages, clock, timeline, report),
    ),
    panelColumn(
      'col-lg-5',
      h('h2', {}, 'Opening hours'),
      openingHours(timeline, clock, report),
      closureList(timeline, clock),
    ),
  ];
  return h('div', { class: 'row g-3' }, columns);
}

function openingHours(timeline, clock, report) {
  const changes = clock.changes.map((c) => {
    const at = f.utc(new Date(c.at).toISOString());
    return h('span', {}, `; the clock changes at ${at}`);
  });
  const zone = parts.subline(timeline.timezone, ', ', clock.zone(f.instant(timeline.as_of)), changes);
  if (!timeline.hours.length) {
    return [zone, h('p', {}, 'Open 24 hours on 7 days: the data has no opening hours for this store.')];
  }
  return [
    zone,
    versions(timeline.hours).map(weekTable),
    parts.subline(`Gaps of up to ${f.length(f.lengthSeconds(report.parameters.join_gap))} count as open.`),
  ];
}

// versions parts hours by the dates between which they count.
function versions(hours) {
  const dates = ({ valid_from: from, valid_through: through }) =>
    [from && `from ${from}`, through && `through ${through}`].filter(Boolean).join(' ');
  return [...Map.groupBy(hours, dates)];
}

function weekTable([dates, hours], _, all) {
  const title = dates ? dates[0].toUpperCase() + dates.slice(1) : all.length > 1 && 'At other times';
  const short = (text) => text.replace(/:00$/, '');
  const opening = ({ opens, closes }) =>
    h('div', {}, `${short(opens)} to ${short(closes)}`, closes <= opens && sub(' the next day'));
  const days = f.weekdays.map((day, i) => {
    const openings = hours.filter((one) => one.weekday === i);
    return row(
      rowHead(day),
      cellOf('num', openings.length ? openings.map(opening) : h('span', { class: 'muted' }, 'closed')),
    );
  });
  return [
    title && h('h3', { class: 'h6 mt-3' }, title),
    h('table', { class: 'table table-sm dense' }, h('tbody', {}, days)),
  ];
}

// closureList lists the planned closures, also those of other weeks.
function closureList(timeline, clock) {
  if (!timeline.closures.length) return null;
  const one = (c) =>
    h(
      'li',
      {},
      `${clock.time(f.instant(c.starts_at))} ${untilText(c, clock)}${c.reason ? `: ${c.reason}` : ''}`,
      sub(
        c.planned_seconds > 0 ? `, takes away ${f.length(c.planned_seconds)} of open time` : '',
        c.announced_at ? `, announced ${clock.time(f.instant(c.announced_at))}` : '',
      ),
    );
  return [
    h('h2', { class: 'mt-3' }, 'Planned closures'),
    h('ul', { class: 'plain small' }, timeline.closures.map(one)),
  ];
}
