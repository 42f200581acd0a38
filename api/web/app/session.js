// What this browser may do on the server, and how it signs in and out. All tabs share the cookie of the server.
import * as api from './api.js';
import { h, icon, put } from './dom.js';

let access = { tokens: false, signed_in: false, read: true, write: true };
const tabs = new BroadcastChannel('openhours-session');

export const session = new EventTarget(); // emits 'change' when another person is signed in, in this tab or in another
export const mayRead = () => access.read;
export const mayWrite = () => access.write;
export const isSignedIn = () => access.signed_in;

export async function loadSession() {
  access = await api.session();
}

function changed() {
  session.dispatchEvent(new Event('change'));
}

tabs.addEventListener('message', async () => {
  await loadSession();
  document.querySelector('dialog.sign-in')?.close();
  changed();
});

async function signIn(token) {
  access = await api.signIn(token);
  tabs.postMessage('signed in');
}

export async function signOut() {
  await api.signOut();
  await loadSession();
  tabs.postMessage('signed out');
  changed();
}

// forWriters shows what only a write token may use, or says so.
export function forWriters(what, make) {
  if (mayWrite()) return make();
  const text = ` ${what} needs a write token. `;
  const button = h(
    'button',
    { type: 'button', class: 'btn btn-sm btn-link p-0 align-baseline', onclick: askForToken },
    'Sign in with one',
  );
  return h('p', { class: 'text-body-secondary mb-0' }, icon('key'), text, button);
}

// askForToken opens the dialog to sign in, unless it is open.
export function askForToken() {
  if (document.querySelector('dialog.sign-in')) return;
  const dialog = tokenDialog();
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function tokenDialog() {
  const input = h('input', {
    class: 'form-control',
    type: 'password',
    id: 'token',
    required: true,
    autocomplete: 'current-password',
    'aria-describedby': 'token-fault',
  });
  const fault = h('p', { id: 'token-fault', class: 'text-danger mb-0 mt-1', role: 'alert' });
  const submit = h('button', { class: 'btn btn-primary mt-3', type: 'submit' }, 'Sign in');
  const onsubmit = async (event) => {
    event.preventDefault();
    submit.disabled = true;
    put(fault);
    try {
      await signIn(input.value.trim());
      dialog.close();
      changed();
    } catch (error) {
      put(fault, error.status === 401 ? 'The server did not accept this token.' : error.message);
      input.select();
    } finally {
      submit.disabled = false;
    }
  };
  const dialog = h(
    'dialog',
    { class: 'dialog sign-in', 'aria-labelledby': 'token-title' },
    h(
      'form',
      { onsubmit },
      h('h2', { id: 'token-title', class: 'h5' }, icon('key'), ' Token required'),
      h(
        'p',
        { class: 'text-body-secondary' },
        'The server’s administrator can give you one. This browser stays signed in, in all its tabs.',
      ),
      h('label', { class: 'form-label', for: 'token' }, 'Token'),
      input,
      fault,
      submit,
    ),
  );
  return dialog;
}
