// The stores before and after one in the list that it was opened from.
import * as api from './api.js';
import { h, icon, put } from './dom.js';
import * as f from './format.js';
import { listOf, listPath } from './listing.js';
import { go } from './router.js';

const keys = { previous: 'k', next: 'j' };

// listing is what the address has of the list: its filters and order, and the place of the store, which null lacks.
export function listing(query) {
  const at = Number.parseInt(query.get('at') ?? '', 10);
  return at >= 0 ? { ...listOf(query), at } : null;
}

// neighbours fills in the links once they are known. A store that the list does not have at its place gets none.
export async function neighbours(box, report, store, list, signal) {
  if (!list) return;
  const { at, ...asked } = list;
  const offset = Math.max(0, at - 1);
  const { stores, total } = await api.stores(report.report_id, { ...asked, limit: 3, offset }, signal);
  const found = stores.findIndex((s) => s.store_id === store.store_id);
  if (signal.aborted || found !== at - offset) return;
  const link = (step, rel, name, key) => {
    const other = stores[found + step];
    const content = [
      rel === 'prev' && icon('chevron-left'),
      ` ${name} `,
      h('kbd', {}, key),
      rel === 'next' && icon('chevron-right'),
    ];
    if (!other)
      return h('span', { class: 'btn btn-sm btn-outline-secondary disabled', 'aria-disabled': 'true' }, content);
    const href = api.storePath(report.report_id, other.store_id, '', { ...asked, at: at + step });
    const tip = other.name ? `${other.name}\n${other.store_id}` : other.store_id;
    const props = { href, rel, 'data-tip': tip, 'aria-keyshortcuts': key };
    return h('a', { class: 'btn btn-sm btn-outline-secondary', ...props }, content);
  };
  const previous = link(-1, 'prev', 'Previous', keys.previous);
  const next = link(1, 'next', 'Next', keys.next);
  const place = h(
    'a',
    { class: 'num', href: listPath(report.report_id, asked, at - (at % 50)) },
    `${f.count(at + 1)} of ${f.count(total)}`,
  );
  put(box, h('nav', { class: 'neighbours', 'aria-label': 'Stores of the list' }, previous, place, next));
  document.addEventListener('keydown', (event) => follow(event, previous, next), { signal });
}

function follow(event, previous, next) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const link = { [keys.previous]: previous, [keys.next]: next }[event.key];
  if (!link?.href) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

export const isTyping = (element) => element.closest?.('input, textarea, select, [contenteditable]') !== null;
