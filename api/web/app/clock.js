// A store's wall clock, by the offsets that the server used. Milliseconds; the microseconds of the
// numbers stay in their text.
import * as f from './format.js';

export class Clock {
  constructor(periods) {
    this.periods = periods.map((p, i) => ({
      starts: i ? f.instant(p.starts_at) : -Infinity,
      offset: p.offset_seconds * 1000,
    }));
  }

  // changes are the instants at which the clock is set, and by how much.
  get changes() {
    return this.periods.slice(1).map((p, i) => ({ at: p.starts, before: this.periods[i].offset, after: p.offset }));
  }

  offset(ms) {
    return this.periods.findLast((p) => p.starts <= ms).offset;
  }

  // wall is what the clock reads, as milliseconds that Date.UTC would make of it.
  wall(ms) {
    return ms + this.offset(ms);
  }

  time(ms, seconds = false) {
    const wall = this.wall(ms);
    return `${f.wallDate(wall)} ${f.wallClock(wall, seconds)}`;
  }

  zone(ms) {
    const minutes = Math.round(this.offset(ms) / 60000);
    return `UTC${minutes < 0 ? '−' : '+'}${String(Math.floor(Math.abs(minutes) / 60)).padStart(2, '0')}:${String(Math.abs(minutes) % 60).padStart(2, '0')}`;
  }
}
