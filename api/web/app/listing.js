// A list of stores: what the address of the stores page has. A store that was opened from a list keeps it in its own
// address, with its place, so that the stores next to it are known.
import * as api from './api.js';

export const worstFirst = { sort: 'downtime_seconds', order: 'desc' };
const filters = ['search', 'zone', 'status', 'attribute', 'value', 'verdict'];
const keys = ['window', 'sort', 'order', ...filters];

// listOf reads a list from an address.
export const listOf = (query) => Object.fromEntries(keys.map((key) => [key, query.get(key) ?? '']));

// withoutFilters is the change that shows all stores.
export const withoutFilters = Object.fromEntries(filters.map((key) => [key, '']));

export function listPath(id, list, offset = 0) {
  const all = Object.entries({ ...list, offset }).filter(([, v]) => v !== '' && v !== 0);
  return `${api.reportPath(id)}/stores${all.length ? `?${new URLSearchParams(all)}` : ''}`;
}

const separator = /[\s,;]+/;

// entries are the words of a search: several may be pasted ids.
export const entries = (text) => text.split(separator).filter(Boolean);

// keepLines keeps pasted lines apart, which a field of one line would join.
export function keepLines(input) {
  input.addEventListener('paste', (event) => {
    const text = event.clipboardData.getData('text/plain').trim();
    if (!/[\r\n]/.test(text)) return;
    event.preventDefault();
    input.setRangeText(text.replace(/\s*[\r\n]+\s*/g, ', '), input.selectionStart, input.selectionEnd, 'end');
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  return input;
}
