// The overview without a report that stands for the fleet: offers to make one, and shows its progress in place.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import * as f from './format.js';
import * as parts from './parts.js';
import { forWriters } from './session.js';

// nothingYet says why there is none. made is called when a report is complete.
export async function nothingYet(main, why, signal, made) {
  const [{ files }, { reports }] = await Promise.all([api.dataFiles(signal), api.listReports({ limit: 1 }, signal)]);
  if (signal.aborted) return;
  const inputs = files.filter((file) => file.set);
  put(
    main,
    parts.heading('Overview'),
    inputs.some((file) => file.set === 'status')
      ? offer({ why, inputs, hasReports: reports.length > 0, signal, made })
      : parts.empty(
          'No data yet',
          'A report needs at least one file of status polls. Opening hours, time zones and planned closures make it accurate.',
          parts.bigLinkButton('primary', '/data', icon('upload'), ' Upload files'),
        ),
  );
}

function offer({ why, inputs, hasReports, signal, made }) {
  const box = h('div', { 'aria-live': 'polite' });
  const text = `The data folder has ${f.plural(inputs.length, 'input file')}. A report on all stores, up to the latest observation, takes seconds.`;
  const other = h('a', { href: '/reports' }, hasReports ? 'Pick one of the reports' : 'With other parameters');
  return parts.empty(
    hasReports ? 'No report for the overview' : 'No report yet',
    hasReports ? `${why}. ${text}` : text,
    forWriters('A new report', () => startButton(box, signal, made)),
    h('p', { class: 'mt-2 mb-0' }, other),
    box,
  );
}

function startButton(box, signal, made) {
  const start = h('button', { type: 'button', class: 'btn btn-primary' }, icon('play'), ' Make a report');
  start.addEventListener('click', async () => {
    start.disabled = true;
    put(box);
    try {
      const { report_id: id } = await api.trigger({});
      await follow(id, box, signal, made);
    } catch (error) {
      put(box, parts.failure(error));
    }
    start.disabled = false;
  });
  return start;
}

// follow shows the progress of a report until it is final.
async function follow(id, box, signal, made) {
  let report = await api.report(id, signal);
  const draw = () => put(box, h('div', { class: 'making' }, parts.progress(report)));
  if (!parts.isFinal(report)) draw();
  if (!parts.isFinal(report)) {
    await parts.repeat(700, signal, async () => {
      report = await api.report(id, signal);
      if (parts.isFinal(report)) return false;
      draw();
      return true;
    });
  }
  if (signal.aborted) return;
  if (report.state === 'complete') {
    await made();
    return;
  }
  const failed = h('a', { href: api.reportPath(id) }, 'Show the report');
  put(box, parts.callout('', 'triangle-exclamation', `The report is ${report.state}: ${report.error ?? ''} `, failed));
}
