// Summarises a report's parameters in one line.
import * as f from './format.js';

// parameterSummary lists the parameters that differ from the defaults; it is empty if none does.
export function parameterSummary(p) {
  const list = [];
  if (p.as_of) list.push(`as of ${p.as_of}`);
  if (p.interpolation !== 'nearest') list.push(`${p.interpolation} observation`);
  if (p.unobserved !== 'nearest') list.push('unobserved unknown');
  if (p.max_gap) list.push(`max gap ${p.max_gap}`);
  if (p.fresh_within && f.lengthSeconds(p.fresh_within) !== 3600) list.push(`fresh within ${p.fresh_within}`);
  if (p.join_gap && f.lengthSeconds(p.join_gap) !== 60) list.push(`join gap ${p.join_gap}`);
  if (p.collector_gap && f.lengthSeconds(p.collector_gap) !== 7200) list.push(`collector gap ${p.collector_gap}`);
  const windows = (p.windows ?? []).map((w) => `${w.name} ${w.length}`).join(', ');
  if (windows && windows !== 'last_hour 1h, last_day 1d, last_week 7d') list.push(windows);
  if (p.stores) list.push(p.stores.length === 1 ? `store ${p.stores[0]}` : f.plural(p.stores.length, 'store'));
  return list.join(' · ');
}

export const parametersText = (p) => parameterSummary(p) || 'default parameters';
