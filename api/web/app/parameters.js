// Summarises a report's parameters in one line.
import { defaults } from './facts.js';
import * as f from './format.js';

// parameterSummary lists the parameters of a report that differ from the defaults; it is empty if none does.
export function parameterSummary({ parameters: p, stores_asked: stores }) {
  const list = [];
  const differs = (name) => p[name] && f.lengthSeconds(p[name]) !== f.lengthSeconds(defaults[name]);
  if (p.as_of) list.push(`as of ${p.as_of}`);
  if (p.interpolation !== defaults.interpolation) list.push(`${p.interpolation} observation`);
  if (p.unobserved !== defaults.unobserved) list.push(`unobserved ${p.unobserved}`);
  if (p.max_gap) list.push(`max gap ${p.max_gap}`);
  if (differs('fresh_within')) list.push(`fresh within ${p.fresh_within}`);
  if (differs('join_gap')) list.push(`join gap ${p.join_gap}`);
  if (differs('collector_gap')) list.push(`collector gap ${p.collector_gap}`);
  if (p.target) list.push(`target ${p.target} %`);
  if (p.by) list.push(`by ${p.by}`);
  const windows = windowsText(p.windows ?? []);
  if (windows && windows !== windowsText(defaults.windows)) list.push(windows);
  // of many stores, a list of reports has only the first
  if (stores) list.push(stores === 1 && p.stores ? `store ${p.stores[0]}` : f.plural(stores, 'store'));
  return list.join(' · ');
}

const windowText = ({ name, length, dates }) => (name === dates ? name : `${name} ${dates ?? length}`);
const windowsText = (windows) => windows.map(windowText).join(', ');

export const parametersText = (report) => parameterSummary(report) || 'default parameters';
