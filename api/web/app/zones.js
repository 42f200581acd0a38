// Uptime by time zone, as a table with bars.
import * as api from './api.js';
import { h } from './dom.js';
import * as f from './format.js';
import { hoursOf, value } from './measures.js';
import { csvLink, panelHead, sub } from './parts.js';
import { cellOf, numberCell, numeric, responsive, row, rowHead, shownFrom, table } from './tables.js';

export function zoneTable(report, window, zones) {
  const lowest = Math.min(1, ...zones.map((z) => z.uptime_ratio ?? 1));
  const from = Math.max(0, Math.floor((lowest - 0.005) * 100) / 100);
  const wide = `wide ${shownFrom('sm')}`;
  const headings = ['Zone', numeric('Stores'), { hidden: 'Bar', class: wide }, numeric('Uptime'), numeric('Down')];
  const lines = zones.map((z) =>
    row(
      rowHead(h('a', { href: storesOf(report, window, z.timezone) }, breakable(z.timezone))),
      cellOf('text-end num', f.count(z.stores)),
      cellOf(wide, z.uptime_ratio === null ? null : meter((z.uptime_ratio - from) / (1 - from))),
      numberCell(uptime(z)),
      numberCell(hoursOf(z.downtime_seconds)),
    ),
  );
  return [
    panelHead(
      h('h2', {}, 'Uptime by zone', sub(` ${f.windowName(window).toLowerCase()}`)),
      h(
        'span',
        { class: 'small text-body-secondary' },
        h('span', { class: 'on-screen' }, `bars start at ${f.percent(from, 0)} `),
        zonesCSV(report, window),
      ),
    ),
    responsive(table(headings, lines)),
  ];
}

const zonesCSV = ({ report_id: id }, window) =>
  csvLink(api.fileURL(id, 'zones.csv', { window, excel: true }), 'All measures of the zones');

function storesOf(report, window, zone) {
  const query = new URLSearchParams({ window, zone, sort: 'downtime_seconds', order: 'desc' });
  return `${api.reportPath(report.report_id)}/stores?${query}`;
}

// breakable lets a zone name wrap after each slash.
const breakable = (name) => name.split('/').flatMap((part, i) => (i ? ['/', h('wbr'), part] : [part]));

const meter = (share) =>
  h('span', { class: 'meter', 'aria-hidden': 'true' }, h('span', { style: { width: `${share * 100}%` } }));

function uptime(z) {
  const exact =
    z.uptime_ratio === null
      ? 'unknown'
      : `${f.exactPercent(z.uptime_ratio)}\n` +
        `bounds ${f.percent(z.uptime_ratio_min)} to ${f.percent(z.uptime_ratio_max)}\n` +
        `covered ${f.percent(z.coverage)}`;
  return value(z.open_seconds ? f.percent(z.uptime_ratio) : 'closed', exact, { class: 'num' });
}
