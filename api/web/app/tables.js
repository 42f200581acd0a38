// Tables and their cells.
import { h } from './dom.js';

// table builds a table. A heading is a string or { text, class, hidden }; hidden text is for screen readers only.
export function table(headings, rows, { extra = '', caption } = {}) {
  return h(
    'table',
    { class: `table table-sm dense ${extra}`.trim() },
    caption && h('caption', { class: 'visually-hidden' }, caption),
    h('thead', {}, h('tr', {}, headings.map(headCell))),
    h('tbody', {}, rows),
  );
}

function headCell(heading) {
  if (heading instanceof Element) return heading;
  const { text, hidden, class: name } = typeof heading === 'string' ? { text: heading } : heading;
  const content = hidden ? h('span', { class: 'visually-hidden' }, hidden) : text;
  return h('th', { scope: 'col', class: name }, content);
}

// Headings and cells of numbers are aligned to the right; `from` names the breakpoint from which a column is shown.
export const numeric = (text, from) => ({ text, class: from ? `text-end ${shownFrom(from)}` : 'text-end' });
export const shownFrom = (breakpoint) => `d-none d-${breakpoint}-table-cell`;

export const row = (...cells) => h('tr', {}, cells);
export const rowHead = (...content) => h('th', { scope: 'row' }, content);
export const cell = (...content) => h('td', {}, content);
export const cellOf = (name, ...content) => h('td', { class: name }, content);
export const numberCell = (...content) => h('td', { class: 'text-end' }, content);

// responsive lets a wide table scroll sideways instead of the page.
export const responsive = (content) => h('div', { class: 'table-responsive' }, content);

// wide is responsive for tables that have no links: it takes focus, so that the keyboard can scroll it.
export const wide = (label, content) => region('table-responsive', label, content);

// scrolling limits the height of a long table as well.
export const scrolling = (label, content) => region('table-responsive scroll', label, content);

const region = (name, label, content) =>
  h('div', { class: name, tabindex: 0, role: 'region', 'aria-label': label }, content);

// stacked shows each row as a block of labelled values when the window is narrow.
export function stacked(element) {
  const names = [...element.querySelectorAll('thead th')].map((th) => th.textContent);
  for (const line of element.querySelectorAll('tbody tr')) {
    [...line.children].forEach((one, i) => {
      one.dataset.label = names[i];
    });
  }
  element.classList.add('stack');
  return element;
}
