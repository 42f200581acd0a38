// The plain page: reports, a button, downloads; no more than the program itself carries.
import * as api from './api.js';
import { h, put } from './dom.js';
import * as f from './format.js';

const reports = document.getElementById('reports'),
  said = document.getElementById('said'),
  form = document.getElementById('trigger');

function row(r) {
  const files = ['report.csv', 'report.parquet', 'outages.parquet', 'rejects.csv', 'report.json'];
  const what = {
    queued: () => 'waiting',
    running: () => `running: step ${r.progress?.steps_done ?? 0} of ${r.progress?.steps_total ?? 0}`,
    failed: () => h('span', { class: 'bad' }, `failed: ${r.error}`),
    cancelled: () => 'cancelled',
    complete: () => files.map((name) => [h('a', { href: api.fileURL(r.report_id, name), download: true }, name), ' ']),
  }[r.state]();
  const act = () => api.removeReport(r.report_id).then(draw).catch(tell);
  return h(
    'tr',
    {},
    h('td', { title: r.report_id }, f.reportName(r.report_id)),
    h('td', {}, f.ago(r.created_at)),
    h('td', {}, what),
    h(
      'td',
      {},
      ['queued', 'running'].includes(r.state) ? h('button', { type: 'button', onclick: act }, 'Cancel') : null,
    ),
  );
}

const tell = (error) => {
  said.textContent = error.message;
};

async function draw() {
  const { reports: list } = await api.listReports({ limit: 50 });
  put(
    reports,
    list.length
      ? h(
          'table',
          {},
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              ['Report', 'Made', 'State and files', ''].map((t) => h('th', { scope: 'col' }, t)),
            ),
          ),
          h('tbody', {}, list.map(row)),
        )
      : 'No report yet.',
  );
  return list.some((r) => r.state === 'queued' || r.state === 'running');
}

async function follow() {
  let working = false;
  try {
    working = await draw();
  } catch (error) {
    put(reports, error.message);
  }
  setTimeout(follow, working ? 700 : 5000);
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  said.textContent = '';
  const asOf = form.elements.as_of.value.trim();
  try {
    const made = await api.trigger(asOf ? { as_of: asOf } : {});
    said.textContent = made.reused ? 'An equal report of the same files is there already.' : 'Asked for.';
    await draw();
  } catch (error) {
    tell(error);
  }
});

// A server with tokens is asked with one; the browser's own question is all that this page has.
api.connection.addEventListener('token', () => {
  const token = prompt('This server asks for a token');
  if (token) api.setToken(token);
});
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="/api/"]');
  if (!link || !api.hasToken()) return;
  event.preventDefault();
  api.download(link.getAttribute('href')).catch(tell);
});
follow();
