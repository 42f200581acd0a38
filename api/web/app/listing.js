// A list of stores: what the address of the stores page has. A store that was opened from a list keeps it in its own
// address, with its place, so that the stores next to it are known.
import * as api from './api.js';

export const worstFirst = { sort: 'downtime_seconds', order: 'desc' };
const filters = ['search', 'zone', 'status', 'verdict'];
const keys = ['window', 'sort', 'order', ...filters];

// listOf reads a list from an address. attribute and value are lists: the first value is that of the first attribute.
export function listOf(query) {
  const [attribute, values] = [query.getAll('attribute'), query.getAll('value')];
  const value = attribute.map((_, i) => values[i] ?? '');
  return { ...Object.fromEntries(keys.map((key) => [key, query.get(key) ?? ''])), attribute, value };
}

// valueOf is the value that a list wants of an attribute; undefined: any.
export const valueOf = ({ attribute, value }, name) => value[attribute.indexOf(name)];

// withValue is the change that wants a value of an attribute, and withoutAttribute the one that takes any.
export const withValue = ({ attribute, value }, name, wanted) => {
  const i = attribute.indexOf(name);
  if (i < 0) return { attribute: [...attribute, name], value: [...value, wanted] };
  return { attribute, value: value.with(i, wanted) };
};
export const withoutAttribute = ({ attribute, value }, name) => ({
  attribute: attribute.filter((one) => one !== name),
  value: value.filter((_, i) => attribute[i] !== name),
});

// withoutFilters is the change that shows all stores.
export const withoutFilters = { ...Object.fromEntries(filters.map((key) => [key, ''])), attribute: [], value: [] };

export const listPath = (id, list, offset = 0) => api.storesPath(id, { ...list, offset: offset || '' });

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
