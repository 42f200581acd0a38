// Every request to the server goes through this module.

const base = '/api/v1';
const longestWait = 5; // seconds; after failed sign-ins the server asks for more, and says why

// ApiError is a problem+json answer of the server.
export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `The server answered ${status}.`);
    this.status = status;
    this.title = problem.title || `Error ${status}`;
    this.fields = problem.errors || [];
    this.rejects = problem.first_rejects || [];
    this.requestID = problem.request_id;
  }
}

// Unreachable means that no answer arrived.
export class Unreachable extends Error {}

export const connection = new EventTarget(); // emits 'lost', 'back' and 'token'
let lost = false;

function setReachable(reachable) {
  if (reachable === !lost) return;
  lost = !reachable;
  connection.dispatchEvent(new Event(lost ? 'lost' : 'back'));
}

async function send(method, path, { json, bytes, signal, again = 4 } = {}) {
  let response;
  try {
    response = await fetch(path, {
      method,
      signal,
      headers: {
        Accept: 'application/json',
        ...(json && { 'Content-Type': 'application/json' }),
        ...(bytes && { 'Content-Type': 'application/octet-stream' }),
      },
      body: bytes ?? (json && JSON.stringify(json)),
      cache: 'no-store',
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    setReachable(false);
    throw new Unreachable('Could not reach the server.');
  }
  setReachable(true);
  const wait = Number(response.headers.get('Retry-After')) || 1;
  if (response.status === 429 && wait <= longestWait && again > 0) {
    await new Promise((done) => setTimeout(done, 1000 * wait));
    return send(method, path, { json, bytes, signal, again: again - 1 });
  }
  if (!response.ok) throw problem(response.status, await response.text());
  return response;
}

function problem(status, text) {
  let body = {};
  try {
    body = JSON.parse(text);
  } catch {
    // not JSON: a proxy's error page, perhaps
  }
  // of a sign-in, no field is wrong but the token
  if (status === 401 && !body.errors) connection.dispatchEvent(new Event('token'));
  return new ApiError(status, body);
}

// query writes parameters: those without a value are left out, and a list is one for each of its values.
const query = (params) => {
  const list = Object.entries(params ?? {}).flatMap(([name, value]) => {
    if (Array.isArray(value)) return value.map((one) => [name, one]);
    return value === '' || value === null || value === undefined ? [] : [[name, value]];
  });
  return list.length ? `?${new URLSearchParams(list)}` : '';
};
const get = async (path, params, signal) => (await send('GET', `${base}${path}${query(params)}`, { signal })).json();
const part = encodeURIComponent;

export const reportPath = (id) => `/reports/${part(id)}`;
// storePath is the path of a store, or of what lies below it. Browsers take . and .. out of a path, however they are
// escaped, so these ids are parameters.
export const storePath = (id, store, below = '', params = {}) =>
  store === '.' || store === '..'
    ? `${reportPath(id)}/store${below}${query({ store_id: store, ...params })}`
    : `${reportPath(id)}/stores/${part(store)}${below}${query(params)}`;
export const comparePath = (a, b, params) => `${reportPath(a)}/compare/${part(b)}${query(params)}`;
export const storesPath = (id, params) => `${reportPath(id)}/stores${query(params)}`;
export const fileURL = (id, file, params) => `${base}${reportPath(id)}/${file}${query(params)}`;

export const listReports = (params, signal) => get('/reports', params, signal);
export const report = (id, signal) => get(reportPath(id), null, signal);
export const latest = (signal) => get('/reports/latest', null, signal);
export const attributes = (id, signal) => get(`${reportPath(id)}/attributes`, { limit: 1000 }, signal);
export const stores = (id, params, signal) => get(`${reportPath(id)}/stores`, params, signal);
export const store = (id, name, signal) => get(storePath(id, name), null, signal);
export const timeline = (id, name, params, signal) => get(storePath(id, name, '/timeline', params ?? {}), null, signal);
export const zones = (id, window, signal) => get(`${reportPath(id)}/zones`, { window }, signal);
export const groups = (id, params, signal) => get(`${reportPath(id)}/groups`, params, signal);
export const groupDays = (id, params, signal) => get(`${reportPath(id)}/group_days`, params, signal);
export const attention = (id, params, signal) => get(`${reportPath(id)}/attention`, params, signal);
export const trend = (id, signal) => get(`${reportPath(id)}/trend`, null, signal);
export const diff = (id, other, params, signal) => get(`${reportPath(id)}/diff/${part(other)}`, params, signal);
export const dataFiles = (signal) => get('/data/files', null, signal);
export const dataCheck = (signal) => get('/data', null, signal);
export const dataSets = (signal) => get('/data/sets', null, signal);
export const trigger = async (parameters) => (await send('POST', `${base}/reports`, { json: parameters })).json();
export const label = async (id, change) => (await send('PATCH', `${base}${reportPath(id)}`, { json: change })).json();
export const session = () => get('/session');
export const signIn = async (token) => (await send('POST', `${base}/session`, { json: { token }, again: 0 })).json();
export const signOut = () => send('DELETE', `${base}/session`);
export const removeReport = (id) => send('DELETE', `${base}${reportPath(id)}`);
export const removeFile = (set, name) => send('DELETE', `${base}/data/${part(set)}/${part(name)}`);
export const restoreFile = (set, name) => send('POST', `${base}/data/${part(set)}/${part(name)}/restore`);
export const health = async () => (await send('GET', '/healthz')).json();

export const recognise = async (file, bytes) =>
  (await send('POST', `${base}/data/recognise${query({ file })}`, { bytes })).json();

// upload sends a file and calls progress with the share sent so far. With dryRun the server only checks the file.
export function upload(set, name, file, { dryRun, mostRejects, signal }, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch has no upload progress
    const options = query({ dry_run: dryRun || '', max_rejects: mostRejects });
    request.open('PUT', `${base}/data/${part(set)}/${part(name)}${options}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = (e) => progress(e.loaded / Math.max(1, e.total));
    request.onerror = () => {
      setReachable(false);
      reject(new Unreachable('The connection was lost before the upload finished.'));
    };
    request.onabort = () => reject(new DOMException('upload cancelled', 'AbortError'));
    signal?.addEventListener('abort', () => request.abort());
    request.onload = () => {
      setReachable(true);
      if (request.status < 300) resolve(JSON.parse(request.responseText));
      else reject(problem(request.status, request.responseText));
    };
    request.send(file);
  });
}
