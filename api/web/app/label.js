// The name, note and pin that people give a report.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import { labelLimits } from './facts.js';
import * as f from './format.js';
import { callout, failure } from './parts.js';

// reportTitle names a report in a heading, a breadcrumb or a sentence.
export const reportTitle = (report) => report.name || `Report ${f.reportName(report.report_id)}`;

// pin marks the pinned report; it is null for any other.
export const pin = (report) =>
  report.pinned &&
  h(
    'span',
    { class: 'pinned', 'data-tip': 'Pinned: the newest report with its parameters is the one on the overview' },
    icon('thumbtack'),
    h('span', { class: 'visually-hidden' }, ' pinned '),
  );

export const note = (report) => report.note && callout('info mb-3', 'pen', h('div', { class: 'note' }, report.note));

// labelForm changes the label of a report; changed is called with the report as it is then.
export function labelForm(report, changed) {
  const field = (id, label, input) =>
    h('div', { class: 'mb-2' }, h('label', { class: 'form-label', for: id }, label), input);
  const control = 'form-control form-control-sm';
  const name = h('input', {
    id: 'label-name',
    class: control,
    value: report.name,
    maxlength: labelLimits.name,
    autocomplete: 'off',
  });
  const text = h('textarea', { id: 'label-note', class: control, rows: 3, maxlength: labelLimits.note }, report.note);
  const pinned = h('input', {
    type: 'checkbox',
    id: 'label-pinned',
    class: 'form-check-input',
    checked: report.pinned,
  });
  const errors = h('div', { 'aria-live': 'assertive' });
  const save = h('button', { type: 'submit', class: 'btn btn-sm btn-primary' }, 'Save');
  const onsubmit = async (event) => {
    event.preventDefault();
    save.disabled = true;
    put(errors);
    try {
      changed(await api.label(report.report_id, { name: name.value, note: text.value, pinned: pinned.checked }));
    } catch (error) {
      put(errors, failure(error));
    } finally {
      save.disabled = false;
    }
  };
  const help = 'The overview and the addresses of “latest” then have the newest report with these parameters.';
  return h(
    'details',
    { class: 'label-form mb-3' },
    h('summary', {}, 'Name, note and pin'),
    h(
      'form',
      { class: 'panel mt-2', onsubmit },
      field('label-name', 'Name', name),
      field('label-note', 'Note', text),
      h(
        'div',
        { class: 'form-check mb-2' },
        pinned,
        h(
          'label',
          { class: 'form-check-label', for: 'label-pinned' },
          'Pin this report',
          h('span', { class: 'sub' }, ` ${help}`),
        ),
      ),
      save,
      errors,
    ),
  );
}
