// The plain page of a build without npm packages: list, request and download reports.
import * as api from './api.js';
import { h, put } from './dom.js';
import * as f from './format.js';

const reports = document.getElementById('reports');
const message = document.getElementById('message');
const form = document.getElementById('trigger');
const files = ['report.csv', 'report.parquet', 'outages.parquet', 'rejects.csv', 'report.json'];

function stateOf(r) {
  switch (r.state) {
    case 'queued':
      return 'waiting';
    case 'running':
      return `running: step ${r.progress?.steps_done ?? 0} of ${r.progress?.steps_total ?? 0}`;
    case 'failed':
      return h('span', { class: 'bad' }, `failed: ${r.error}`);
    case 'complete':
      return files.map((name) => [h('a', { href: api.fileURL(r.report_id, name), download: true }, name), ' ']);
    default:
      return r.state;
  }
}

const isUnfinished = (r) => r.state === 'queued' || r.state === 'running';

function row(r) {
  const cancel = () => api.removeReport(r.report_id).then(draw).catch(showError);
  return h(
    'tr',
    {},
    h('td', { title: r.report_id }, f.reportName(r.report_id)),
    h('td', {}, f.ago(r.created_at)),
    h('td', {}, stateOf(r)),
    h('td', {}, isUnfinished(r) ? h('button', { type: 'button', onclick: cancel }, 'Cancel') : null),
  );
}

function showError(error) {
  message.textContent = error.message;
}

// draw lists the newest reports and returns whether any of them is unfinished.
async function draw() {
  const { reports: list } = await api.listReports({ limit: 50 });
  const headings = ['Report', 'Created', 'State and files', ''].map((text) => h('th', { scope: 'col' }, text));
  const table = h('table', {}, h('thead', {}, h('tr', {}, headings)), h('tbody', {}, list.map(row)));
  put(reports, list.length ? table : 'No report yet.');
  return list.some(isUnfinished);
}

async function refresh() {
  let isWorking = false;
  try {
    isWorking = await draw();
  } catch (error) {
    put(reports, error.message);
  }
  setTimeout(refresh, isWorking ? 700 : 5000);
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  message.textContent = '';
  const asOf = form.elements.as_of.value.trim();
  try {
    const accepted = await api.trigger(asOf ? { as_of: asOf } : {});
    message.textContent = accepted.reused ? 'An identical report already exists.' : 'Report requested.';
    await draw();
  } catch (error) {
    showError(error);
  }
});

// The plain page has no dialog of its own.
api.connection.addEventListener('token', () => {
  const token = prompt('This server requires a token');
  if (token) api.signIn(token).then(draw).catch(showError);
});

refresh();
