// The measures of the fleet, or of one group, in each window, as cards.
import { h } from './dom.js';
import * as f from './format.js';
import { bounds, boundsTrack } from './measures.js';
import { datesOf, sub } from './parts.js';
import { storeTargets, verdictTerm } from './targets.js';
import { term } from './words.js';

// windowsOf are the rows of the fleet, or those of a group in the same form.
export function windowsOf(report, group) {
  if (!group) return report.fleet;
  const share = (seconds, g) => (g.open_seconds ? seconds / g.open_seconds : null);
  return group.map((g) => ({
    ...g,
    uptime_ratio_min: share(g.uptime_min_seconds, g),
    uptime_ratio_max: share(g.uptime_max_seconds, g),
    coverage: share(g.covered_seconds, g),
  }));
}

// windowCard is one window; link leads to the stores behind a number. group is the name of the chosen one: paper has no menus.
export function windowCard(report, w, link, group) {
  const { time_window: window } = w;
  const to = (sort, order, text, tip) =>
    h('a', { class: 'num', href: link({ window, sort, order }), 'data-tip': tip }, text);
  const outages = link({ window, status: 'outage', sort: 'outages', order: 'desc' });
  const coverage = `within ${report.parameters.fresh_within} of an observation\n${f.exactPercent(w.coverage)}`;
  const openStores = `${f.exactSeconds(w.open_seconds)}\n${f.plural(w.stores_open, 'store')} open at some time`;
  const amount = (sort, seconds, tip = f.exactSeconds(seconds)) => to(sort, 'desc', f.hours(seconds), tip);
  return h(
    'div',
    { class: 'panel card-window' },
    h('h2', {}, f.windowName(window), datesOf(report, window)),
    uptime(w, link, group),
    w.uptime_ratio_min !== null && [
      boundsTrack(w),
      h(
        'p',
        { class: 'sub bounds' },
        term('bounds'),
        ' ',
        to('uptime_min_seconds', 'asc', bounds(w).text, `from the observations alone\n${bounds(w).exact}`),
      ),
    ],
    w.target &&
      h('p', { class: 'sub bounds' }, `target ${w.target} %: `, w.verdict ? verdictTerm(w.verdict) : 'no open time'),
    !group && storeTargets(report, w, link),
    h(
      'dl',
      { class: 'facts' },
      fact(term('covered'), to('covered_seconds', 'asc', w.open_seconds ? f.percent(w.coverage, 1) : '', coverage)),
      fact('outages', h('a', { class: 'num', href: outages }, f.count(w.outages))),
      fact('down', amount('downtime_seconds', w.downtime_seconds)),
      fact(term('unknown'), amount('unknown_seconds', w.unknown_seconds)),
      fact('open', amount('open_seconds', w.open_seconds, openStores)),
      w.planned_seconds > 0 && fact(term('planned'), amount('planned_seconds', w.planned_seconds)),
    ),
  );
}

function uptime(w, link, group) {
  if (!w.open_seconds) return [h('span', { class: 'big' }, 'closed'), sub('no store is open in this window')];
  const href = link({ window: w.time_window, sort: 'uptime_ratio', order: 'asc' });
  const exact = `uptime ${f.exactPercent(w.uptime_ratio)}\nof the known open time`;
  const number = h('a', { class: 'big num', href, 'data-tip': exact }, f.percent(w.uptime_ratio));
  return [number, sub(`uptime of ${f.plural(w.stores, 'store')}`, group && `, ${group}`)];
}

const fact = (name, content) => h('div', {}, h('dt', {}, name), h('dd', {}, content));
