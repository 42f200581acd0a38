// The files of a report, as downloads.
import * as api from './api.js';
import { h } from './dom.js';
import * as f from './format.js';
import { downloadLink, sub } from './parts.js';

const fileContents = {
  'report.csv': 'minutes and hours per store',
  'report.parquet': 'all measures, for BI tools',
  'outages.parquet': 'one row per outage',
  'stores.parquet': 'names and attributes of the stores',
  'groups.parquet': 'all measures by the values of attributes',
  'targets.parquet': 'verdicts and budgets of stores and groups',
  'days.parquet': 'measures per store and local date',
  'hours.parquet': 'measures per store, local date and hour',
  'group_days.parquet': 'sums per attribute, value and local date',
  'rejects.csv': 'rejected rows',
  'report.json': 'parameters, inputs and quality',
};

export function files(report) {
  const one = ({ file, bytes, sha256 }) => {
    const tip = sha256 ? `sha256 ${sha256}` : 'parameters, inputs, quality, hashes';
    const size = bytes === undefined ? '' : `, ${f.bytes(bytes)}`;
    const url = api.fileURL(report.report_id, file);
    return h('li', {}, downloadLink(url, file, tip), sub(` ${fileContents[file] ?? ''}${size}`));
  };
  const stable = api.fileURL('latest', 'report.csv');
  const guard = 'Adds a quote to ids that a spreadsheet would run as formulas';
  const forExcel = (file, text, about) =>
    h('li', {}, downloadLink(api.fileURL(report.report_id, file, { excel: true }), text, guard), sub(` ${about}`));
  return h(
    'ul',
    { class: 'files' },
    [...report.outputs, { file: 'report.json' }].map(one),
    forExcel('report.csv', 'report.csv for Excel', 'ids protected against formula injection'),
    forExcel('outages.csv', 'outages.csv for Excel', 'one row per outage, with the names of the stores'),
    forExcel('days.csv', 'days.csv for Excel', 'sums of the fleet by local date'),
    h('li', {}, sub('An address that stays, with the newest report of the fleet: ', h('a', { href: stable }, stable))),
  );
}
