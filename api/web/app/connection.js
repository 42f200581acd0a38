// What the page does when the server stops answering, and when it asks for a token.
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

// askForToken opens a dialog when the server requires a token; accepted is called after one was entered. The token
// is kept for this tab only.
export function askForToken(accepted) {
  let open = false;
  api.connection.addEventListener('token', () => {
    if (open) return;
    open = true;
    const dialog = tokenDialog();
    dialog.addEventListener('close', () => {
      open = false;
      dialog.remove();
      if (api.hasToken()) accepted();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function tokenDialog() {
  const input = h('input', {
    class: 'form-control',
    type: 'password',
    id: 'token',
    required: true,
    autocomplete: 'current-password',
  });
  return h(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'token-title' },
    h(
      'form',
      { method: 'dialog', onsubmit: () => api.setToken(input.value.trim()) },
      h('h2', { id: 'token-title', class: 'h5' }, icon('key'), ' Token required'),
      h(
        'p',
        { class: 'text-body-secondary' },
        api.hasToken() ? 'The server did not accept this token. ' : '',
        'The server’s administrator can give you one. It is kept for this tab only.',
      ),
      h('label', { class: 'form-label', for: 'token' }, 'Token'),
      input,
      h('button', { class: 'btn btn-primary mt-3', type: 'submit' }, 'Continue'),
    ),
  );
}
