// What the page does when the server stops answering.
import * as api from './api.js';
import { h, icon, put } from './dom.js';

const banner = document.getElementById('banner');

// announce shows a message at the top of the page, or clears it.
export function announce(...content) {
  put(banner, ...content);
}

const message = (kind, name, text) => h('div', { class: `alert alert-${kind} lost`, role: 'status' }, icon(name), text);

// watchConnection polls a server that stopped answering; back is called when it answers again.
export function watchConnection(back) {
  let timer;
  api.connection.addEventListener('lost', () => {
    const text = ' The server is not responding. What you see may be out of date. Retrying every two seconds.';
    announce(message('warning', 'plug-circle-xmark', text));
    clearInterval(timer);
    timer = setInterval(() => api.health().catch(() => {}), 2000);
  });
  api.connection.addEventListener('back', () => {
    clearInterval(timer);
    announce(message('success', 'circle-check', ' The server is back.'));
    setTimeout(() => {
      if (banner.querySelector('.alert-success')) announce();
    }, 4000);
    back();
  });
}
