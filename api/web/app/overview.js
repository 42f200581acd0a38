// The overview: the report that stands for the fleet, for all stores or one group of them.
import * as api from './api.js';
import { attentionSection, worstStores } from './attention.js';
import { windowCard, windowsOf } from './cards.js';
import { chosenOf, groupMenus, groupName, groupParams, keep, windowMenu } from './choosing.js';
import { h, icon, put } from './dom.js';
import { notices } from './findings.js';
import * as f from './format.js';
import { nothingYet } from './nothing.js';
import { parameterSummary } from './parameters.js';
import * as parts from './parts.js';
import { time } from './parts.js';
import { mayWrite } from './session.js';
import { targetSection } from './targets.js';
import { trendPanel } from './trend.js';
import { weekPicture } from './week.js';
import { zoneTable } from './zones.js';

export async function show(main, { query, signal }) {
  const found = await latest(signal);
  const again = (choice = new URLSearchParams(location.search)) => show(main, { query: choice, signal });
  if (found.report) await draw(main, found.report, query, signal);
  else await nothingYet(main, found.why, signal, again);
  watch(found.report, signal, again);
}

// latest is the report of the fleet, or why there is none.
async function latest(signal) {
  try {
    return { report: await api.latest(signal) };
  } catch (error) {
    if (error.status !== 404) throw error;
    return { why: error.message.replace(/\.?$/, '').replace(/^./, (letter) => letter.toUpperCase()) };
  }
}

// watch says that a report is in progress, and redraws the page when another one stands for the fleet.
function watch(shown, signal, again) {
  let newest;
  repeatQuietly(signal, async () => {
    const { reports } = await api.listReports({ limit: 20 }, signal);
    const line = document.getElementById('in-work');
    if (line) put(line, inProgress(reports.find((r) => r.state === 'running' || r.state === 'queued')));
    const complete = reports.filter((r) => r.state === 'complete').map((r) => `${r.report_id} ${r.pinned ?? ''}`);
    if (complete.join() === newest) return true;
    newest = complete.join();
    const { report } = await latest(signal);
    if (report?.report_id === shown?.report_id) return true;
    const focused = document.activeElement?.id;
    await again();
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    return false;
  });
}

const repeatQuietly = (signal, call) => parts.repeat(4000, signal, call).catch(() => {});

function inProgress(report) {
  if (!report) return null;
  const { steps_done: done = 0, steps_total: total = 0 } = report.progress ?? {};
  const text = report.state === 'running' ? `report in progress: step ${done} of ${total}` : 'report waiting';
  return [' · ', h('a', { href: api.reportPath(report.report_id) }, text)];
}

async function draw(main, report, query, signal) {
  const id = report.report_id;
  const hasGroups = report.attributes?.some((one) => one.grouped);
  const [{ attributes }, trend] = await Promise.all([
    hasGroups ? api.attributes(id, signal) : { attributes: [] },
    api.trend(id, signal),
  ]);
  if (signal.aborted) return;
  const box = h('div', {});
  const errors = h('div', {});
  let latestPick = 0;
  const drawChosen = async (chosen) => {
    const mine = ++latestPick;
    box.classList.add('waiting');
    const found = await dataOf(report, chosen, signal).finally(() => box.classList.remove('waiting'));
    if (signal.aborted || mine !== latestPick) return;
    keep(chosen);
    const focused = document.activeElement?.id;
    put(errors);
    put(box, content({ report, chosen, attributes, found, trend, pick, signal }));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };
  const pick = (change) => {
    const chosen = { ...chosenOf(new URLSearchParams(location.search), report, attributes), ...change };
    drawChosen(chosen).catch((error) => {
      if (error.name === 'AbortError') return;
      put(
        errors,
        parts.failure(error, () => pick(change)),
      );
    });
  };
  const chosen = chosenOf(query, report, attributes);
  await drawChosen(chosen);
  if (signal.aborted) return;
  put(main, header(report), lostGroup(chosen), notices(report), errors, box);
}

async function dataOf(report, chosen, signal) {
  const id = report.report_id;
  const group = groupParams(chosen);
  const [attention, zones, days] = await Promise.all([
    api.attention(id, { window: chosen.window, ...group }, signal),
    chosen.attribute ? null : api.zones(id, chosen.window, signal),
    chosen.attribute ? api.groupDays(id, { ...group, limit: 10_000 }, signal) : report,
  ]);
  return { attention, zones, days: days.days ?? [] };
}

function content({ report, chosen, attributes, found: { attention, zones, days }, trend, pick, signal }) {
  const link = (params) =>
    `${api.reportPath(report.report_id)}/stores?${new URLSearchParams({ ...groupParams(chosen), ...params })}`;
  const windows = windowsOf(report, attention.group);
  const targets = attention.group ? attention.group.filter((g) => g.stores_met !== null) : report.targets;
  const trendBox = h('div', {});
  const weekBox = h('div', {});
  const byDowntime = { window: chosen.window, sort: 'downtime_seconds', order: 'desc' };
  const showAll = () => pick({ attribute: '', value: '' });
  trendPanel(trendBox, {
    report,
    days,
    points: chosen.attribute ? [] : trend.points,
    zones: zones?.zones.map((zone) => zone.timezone),
    signal,
  });
  weekPicture(
    weekBox,
    report,
    chosen.attribute && 'all stores',
    `${api.reportPath(report.report_id)}/stores?${new URLSearchParams(byDowntime)}`,
  );
  return [
    h(
      'div',
      { class: 'filters' },
      groupMenus(report, attributes, chosen, pick),
      windowMenu(
        report.fleet.map((w) => w.time_window),
        chosen,
        pick,
      ),
      chosen.attribute && parts.button('outline-secondary', showAll, [icon('xmark'), ' All stores']),
      groupsLink(report, chosen),
    ),
    chosen.attribute &&
      chosen.isRemembered &&
      parts.callout(
        'info mb-3',
        'circle-info',
        `Only ${groupName(chosen)}, as you chose on your last visit. `,
        parts.button('link plain', showAll, 'Show all stores'),
      ),
    h(
      'section',
      { class: 'cards', 'aria-label': 'Fleet uptime' },
      windows.slice(0, 6).map((w) => windowCard(report, w, link, chosen.attribute && groupName(chosen))),
    ),
    targetSection({ targets, link, group: groupName(chosen) }),
    attentionSection(report, attention, link, groupParams(chosen)),
    h(
      'div',
      { class: 'row g-3' },
      column(panel(worstStores(report, attention, link))),
      column(panel(trendBox), panel(weekBox), zones && panel(zoneTable(report, chosen.window, zones.zones))),
    ),
  ];
}

// groupsLink leads to the table that has the groups of an attribute side by side.
function groupsLink(report, { attribute, window }) {
  const first = report.attributes?.find((one) => one.grouped)?.attribute;
  if (!first) return null;
  const about = attribute || first;
  const query = new URLSearchParams({ attribute: about, window });
  return parts.linkButton('outline-secondary', `${api.reportPath(report.report_id)}?${query}`, `Compare by ${about}`);
}

const panel = (...inside) => h('section', { class: 'panel' }, inside);
const column = (...panels) => h('div', { class: 'col-lg-6' }, panels);

function header(report) {
  const summary = parameterSummary(report);
  return parts.heading(
    'Overview',
    parts.subline(
      h(
        'a',
        { href: api.reportPath(report.report_id) },
        report.name || `Newest report with ${summary ? 'the pinned' : 'default'} parameters`,
      ),
      ', up to ',
      time(report.as_of),
      ' · ',
      h('a', { href: `${api.reportPath(report.report_id)}/stores` }, f.plural(report.stores, 'store')),
      summary && ` · ${summary}`,
      ' · ',
      h('a', { href: '/reports' }, 'other reports'),
      h('span', { id: 'in-work' }),
    ),
    parts.spacer(),
    mayWrite() && parts.linkButton('primary', '/reports', icon('play'), ' New report'),
  );
}

const lostGroup = ({ lost }) =>
  lost && parts.callout('info mb-3', 'circle-info', `No store of this report has ${lost}. Shown are all stores.`);
