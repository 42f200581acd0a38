// Two reports side by side: their parameters and inputs, the fleet, and the stores that changed.
import * as api from './api.js';
import { windowsOf } from './cards.js';
import { groupMenus, groupName, rememberedWindow, windowMenu } from './choosing.js';
import { copyLink } from './copying.js';
import { h, icon, put } from './dom.js';
import { notices } from './findings.js';
import * as f from './format.js';
import { pin, reportTitle } from './label.js';
import { value } from './measures.js';
import { storeLink } from './names.js';
import { parametersText } from './parameters.js';
import * as parts from './parts.js';
import { ago, panelColumn, panelHead, sub, time } from './parts.js';
import { go } from './router.js';
import {
  cell,
  cellOf,
  numberCell,
  numeric,
  responsive,
  row,
  rowHead,
  shownFrom,
  stacked,
  table,
  wide,
} from './tables.js';
import { term, words } from './words.js';

const limit = 50;

export async function show(main, { args: [a, b], query, signal, title }) {
  const asked = location.href;
  const [left, right, { reports }] = await Promise.all([
    api.report(a, signal),
    api.report(b, signal),
    api.listReports({ state: 'complete', limit: 100 }, signal),
  ]);
  const incomplete = [left, right].find((r) => r.state !== 'complete');
  if (incomplete) {
    const back = parts.bigLinkButton('outline-secondary', '/reports', 'All reports');
    put(main, parts.empty('Cannot compare', `Report ${incomplete.report_id} is ${incomplete.state}.`, back));
    return;
  }
  const windows = [...new Set([...left.fleet, ...right.fleet].map((w) => w.time_window))];
  const shared = windows.filter((name) => windowOf(left, name) && windowOf(right, name));
  const chosen = {
    window: query.get('window') ?? rememberedWindow(shared) ?? shared.at(-1) ?? windows.at(-1),
    attribute: query.get('attribute') ?? '',
    value: query.get('value') ?? '',
    only: query.get('only') ?? '',
  };
  const { window } = chosen;
  const offset = Math.max(0, Number.parseInt(query.get('offset') ?? '0', 10) || 0);
  const [diff, { attributes }, sums] = await Promise.all([
    api.diff(a, b, { ...chosen, limit, offset }, signal),
    right.attributes?.some((one) => one.grouped) ? api.attributes(b, signal) : { attributes: [] },
    chosen.attribute && shared.includes(window) ? groupSums([left, right], chosen, signal) : null,
  ]);
  if (signal.aborted || location.href !== asked) return;
  title('Compare reports');
  const link = (change) => api.comparePath(a, b, { ...chosen, ...change });
  if (!query.has('window')) history.replaceState(null, '', link({ offset: offset || '' })); // what is copied shows the same to others
  // pick shows another choice in place: the reader stays where they are.
  const errors = h('div', {});
  const pick = async (change) => {
    const focused = document.activeElement?.id;
    history.pushState(null, '', link(change));
    try {
      await show(main, { args: [a, b], query: new URLSearchParams(location.search), signal, title });
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    } catch (error) {
      if (error.name !== 'AbortError')
        put(
          errors,
          parts.failure(error, () => pick(change)),
        );
    }
  };
  put(
    main,
    parts.crumbs(['/reports', 'Reports']),
    parts.heading(
      'Compare reports',
      parts.spacer(),
      copyLink(),
      parts.linkButton('outline-secondary', api.comparePath(b, a, chosen), icon('arrows-rotate'), ' Swap'),
    ),
    h(
      'div',
      { class: 'row g-3' },
      side(
        'A',
        left,
        otherReport('A', reports, left, right, (id) => go(api.comparePath(id, b, chosen))),
      ),
      side(
        'B',
        right,
        otherReport('B', reports, right, left, (id) => go(api.comparePath(a, id, chosen))),
      ),
      panelColumn(
        'col-12',
        h('h2', {}, 'Fleet', chosen.attribute && sub(` ${sums ? groupName(chosen) : 'all stores'}`)),
        sums ? fleet(sums[0], sums[1], windows) : fleet(left, right, windows),
      ),
      panelColumn(
        'col-12',
        panelHead(
          h('h2', {}, 'Stores', chosen.attribute && sub(` ${groupName(chosen)}`)),
          shared.includes(window) && parts.csvLink(csvURL(a, b, chosen), 'All stores of this list, with all measures'),
        ),
        h(
          'div',
          { class: 'filters' },
          groupMenus(right, attributes, chosen, pick),
          windowMenu(windows, chosen, pick),
          onlyWorse(chosen, pick),
        ),
        errors,
        shared.includes(window)
          ? [chosen.only === worse ? countWorse(diff) : counts(diff), storeRows(diff, a, b)]
          : h('p', {}, missingWindow(window, windowOf(left, window) ? 'B' : 'A')),
        ((shared.includes(window) && diff.total > limit) || offset > 0) &&
          parts.pager(diff.total, offset, limit, (at) => link({ offset: at || '' })),
      ),
      panelColumn('col-12', h('h2', {}, 'Parameters and inputs'), causes(diff)),
    ),
  );
}

const csvURL = (a, b, chosen) => api.fileURL(a, `diff/${encodeURIComponent(b)}/stores.csv`, { ...chosen, excel: true });

// groupSums has the measures of a group in both reports, in place of those of all stores; null if one lacks the group.
async function groupSums(reports, { window, attribute, value }, signal) {
  const sums = async (report) => {
    const { group } = await api.attention(report.report_id, { window, attribute, value, limit: 1 }, signal);
    return group?.length ? { fleet: windowsOf(report, group) } : null;
  };
  try {
    const found = await Promise.all(reports.map(sums));
    return found.every(Boolean) ? found : null;
  } catch (error) {
    if (error.status) return null; // the attribute is not one of both reports
    throw error;
  }
}

const windowOf = (report, name) => report.fleet.find((w) => w.time_window === name);
const missingWindow = (window, letter) =>
  `Report ${letter} has no window “${f.windowName(window).toLowerCase()}”, so there is nothing to compare.`;

// otherReport is a menu that puts another report on a side.
function otherReport(letter, reports, here, there, pick) {
  const choice = reports.filter((r) => r.report_id !== there.report_id);
  if (!choice.some((r) => r.report_id === here.report_id)) choice.push(here); // older than those listed
  const text = (r) => `${r.name || f.reportName(r.report_id)}, up to ${f.utc(r.as_of)}: ${parametersText(r)}`;
  const options = choice.map((r) => [r.report_id, text(r)]);
  return parts.labelledSelect(`Compare as ${letter}`, options, here.report_id, pick);
}

function side(letter, r, menu) {
  const link = h('a', { href: api.reportPath(r.report_id), 'data-tip': r.report_id }, reportTitle(r));
  return h(
    'section',
    { class: 'col-sm-6', 'aria-label': `Report ${letter}` },
    parts.panel(
      h('h2', {}, letter, ' ', link, ' ', pin(r)),
      h('p', { class: 'mb-0' }, 'up to ', time(r.as_of)),
      h('p', { class: 'sub mb-0' }, f.plural(r.stores, 'store'), ', created ', ago(r.created_at)),
      menu,
      notices(r),
    ),
  );
}

const sign = (n) => (n > 0 ? '+' : n < 0 ? '−' : '');

// pointChange is a change of a ratio, in percentage points.
function pointChange(before, after) {
  if (before == null || after == null) return '';
  const n = (after - before) * 100;
  const points = (digits) => `${sign(n)}${Math.abs(n).toFixed(digits)}`;
  const colour = n < -0.005 ? 'text-down' : n > 0.005 ? 'text-up' : 'muted';
  return value(`${points(2)} pt`, `${points(6)} percentage points`, { class: `num ${colour}` });
}

// secondsChange is a change of a duration; with isWorse an increase is shown as bad and a decrease as good.
function secondsChange(before, after, isWorse) {
  if (before == null && after == null) return '';
  const n = (after ?? 0) - (before ?? 0);
  const text = n === 0 ? '0' : `${sign(n)}${f.length(Math.abs(n))}`;
  const exact = (seconds) => (seconds == null ? 'absent' : f.exactSeconds(seconds));
  const judged = isWorse ? (n > 0 ? 'text-down' : 'text-up') : '';
  const props = { class: `num ${n === 0 ? 'muted' : judged}` };
  return value(text, `${exact(before)}, then ${exact(after)}`, props);
}

const fleetHeadings = () => [
  'Window',
  ...['Uptime A', 'Uptime B', 'Change', 'Down A', 'Down B'].map((text) => numeric(text)),
  ...['Unknown', 'Covered'].flatMap((text) => ['A', 'B'].map((side) => numeric(term(`${text} ${side}`, text)))),
];

function fleet(left, right, windows) {
  const lines = windows.map((name) => {
    const pair = [windowOf(left, name), windowOf(right, name)];
    const cells = (format) => pair.map((w) => cellOf('text-end num', w ? format(w) : ''));
    const [before, after] = pair.map((w) => w?.uptime_ratio);
    return row(
      rowHead(f.windowName(name)),
      cells((w) => f.percent(w.uptime_ratio)),
      cellOf('text-end num alone', pointChange(before, after)),
      cells((w) => f.hours(w.downtime_seconds)),
      cells((w) => f.hours(w.unknown_seconds)),
      cells((w) => f.percent(w.coverage, 1)),
    );
  });
  return [
    wide('Fleet in both reports', stacked(table(fleetHeadings(), lines, { extra: 'mb-0' }))),
    words(['Unknown', 'Covered'], 'when-stacked'),
  ];
}

// causes lists what differs between the parameters and inputs of the two reports.
function causes(diff) {
  const list = [...(diff.as_of ? [diff.as_of] : []), ...(diff.parameters ?? []), ...(diff.inputs ?? [])];
  if (!list.length) return h('p', { class: 'mb-0' }, 'Same inputs, parameters and as_of.');
  const lines = list.map((one) => row(rowHead(one.name), cell(causeText(one.a)), cell(causeText(one.b))));
  return wide('Parameters and inputs', table([{ hidden: 'Name' }, 'A', 'B'], lines, { extra: 'mb-0' }));
}

function causeText(text) {
  if (text === 'null') return 'no limit';
  if (!text) return 'none';
  return text.replaceAll('"', '').replace(/, sha256 ([0-9a-f]{8})[0-9a-f]+/, ', sha256 $1…');
}

// worse is the kind of change that the API lists alone.
const worse = 'more_downtime';

function onlyWorse({ only }, pick) {
  const onchange = (event) => pick({ only: event.target.checked ? worse : '' });
  const props = { type: 'checkbox', role: 'switch', class: 'form-check-input', id: 'only-worse' };
  return h(
    'div',
    { class: 'form-check form-switch' },
    h('input', { ...props, checked: only === worse, onchange }),
    h('label', { class: 'form-check-label', for: 'only-worse' }, 'Only worse'),
  );
}

function countWorse({ total }) {
  if (!total) return h('p', {}, 'No store has more downtime in B.');
  const many = total === 1 ? ' has more downtime in B.' : ' have more downtime in B. Largest change first.';
  return h('p', {}, h('strong', {}, f.plural(total, 'store')), many);
}

function counts(diff) {
  if (diff.total === 0) return h('p', {}, 'No store differs in this window.');
  const others = diff.total - diff.more_downtime - diff.less_downtime - diff.only_in_a - diff.only_in_b;
  return h(
    'p',
    {},
    h('strong', {}, f.plural(diff.total, 'store')),
    diff.total === 1 ? ' differs: ' : ' differ: ',
    `${f.count(diff.more_downtime)} with more downtime, ${f.count(diff.less_downtime)} with less`,
    others > 0 ? `, ${f.count(others)} only in other measures, such as coverage and bounds` : '',
    diff.only_in_a ? `, ${f.count(diff.only_in_a)} only in A` : '',
    diff.only_in_b ? `, ${f.count(diff.only_in_b)} only in B` : '',
    '. Largest change in downtime first.',
  );
}

const storeHeadings = [
  'Store',
  numeric('Uptime A', 'sm'),
  numeric('Uptime B', 'sm'),
  numeric('Change'),
  numeric('Down'),
  ...['Up', 'Unknown', 'Open'].map((text) => numeric(text, 'md')),
];

function storeRows(diff, a, b) {
  if (!diff.rows?.length) return null;
  const lines = diff.rows.map((r) => storeRow(r, r.change === 'only in a' ? a : b));
  return responsive(table(storeHeadings, lines));
}

const uptimeRatio = (up, down) => (up == null || up + down === 0 ? null : up / (up + down));

function storeRow(r, report) {
  const change = (name, isWorse) => secondsChange(r[`a_${name}_seconds`], r[`b_${name}_seconds`], isWorse);
  const before = uptimeRatio(r.a_uptime_seconds, r.a_downtime_seconds);
  const after = uptimeRatio(r.b_uptime_seconds, r.b_downtime_seconds);
  const uptime = (ratio, missing) =>
    cellOf(`text-end num ${shownFrom('sm')}`, r.change === missing ? '' : f.percent(ratio));
  const other = (name) => cellOf(`text-end ${shownFrom('md')}`, change(name));
  // less downtime is not an improvement if less is known
  const sameUnknown = r.a_unknown_seconds === r.b_unknown_seconds;
  const isPlanned = r.change === 'changed' && r.a_planned_seconds !== r.b_planned_seconds;
  return row(
    rowHead(
      storeLink(report, r),
      r.change === 'changed' ? null : sub(` only in ${r.change.at(-1).toUpperCase()}`),
      isPlanned && h('span', { class: 'sub d-block' }, 'planned ', change('planned')),
    ),
    uptime(before, 'only in b'),
    uptime(after, 'only in a'),
    numberCell(pointChange(before, after)),
    numberCell(
      change('downtime', sameUnknown),
      h('div', { class: 'sub d-md-none' }, sameUnknown ? null : ['unknown ', change('unknown')]),
    ),
    other('uptime'),
    other('unknown'),
    other('open'),
  );
}
