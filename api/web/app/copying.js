// Copies the address of the page, which has its filters.
import { h, icon, put } from './dom.js';

export function copyLink() {
  const box = h('span', { class: 'copy-link', 'aria-live': 'polite' });
  const idle = () => put(box, button([icon('link'), ' Copy link']));
  const button = (content) =>
    h('button', { type: 'button', class: 'btn btn-sm btn-outline-secondary', onclick }, content);
  const onclick = async () => {
    try {
      await navigator.clipboard.writeText(location.href); // browsers have it for https and localhost only
    } catch {
      put(box, byHand(idle));
      box.firstChild.select();
      return;
    }
    put(box, button([icon('circle-check'), ' Copied']));
    box.firstChild.focus();
  };
  idle();
  return box;
}

// byHand is a field with the address, to be copied with the keyboard.
function byHand(done) {
  const onkeydown = (event) => event.key === 'Escape' && done();
  return h('input', {
    class: 'form-control form-control-sm',
    readonly: true,
    value: location.href,
    'aria-label': 'Address of this page, to copy',
    onkeydown,
    onblur: done,
  });
}
