// How a store shows: its name with its id, or the id alone.
import * as api from './api.js';
import { h } from './dom.js';
import * as f from './format.js';

// shownID shortens a long id, and in narrow windows more than in others; it never breaks in two lines.
export function shownID(id) {
  const short = f.shortID(id);
  if (short.length <= 12) return short;
  const shorter = `${id.slice(0, 5)}…${id.slice(-5)}`;
  return [h('span', { class: 'd-none d-sm-inline' }, short), h('span', { class: 'd-sm-none' }, shorter)];
}

// storeLink leads to a store of a report. The tip has the whole id; list is what list the store is from.
export function storeLink(reportID, { store_id: id, name }, tip = id, list = {}) {
  const href = api.storePath(reportID, id, '', list);
  if (!name) return h('a', { class: 'id', href, 'data-tip': tip }, shownID(id));
  return [
    h('a', { class: 'store-name', href, 'data-tip': tip }, name),
    ' ',
    h('span', { class: 'sub id' }, shownID(id)),
  ];
}

// hasNames reports whether the data of a report had a file of stores.
export const hasNames = (report) => report.outputs.some(({ file }) => file === 'stores.parquet');

// attributeList shows what the stores file says of a store.
export function attributeList(attributes) {
  const list = Object.entries(attributes ?? {});
  if (!list.length) return null;
  const one = ([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value));
  return h('dl', { class: 'attributes', 'aria-label': 'Attributes' }, list.map(one));
}
