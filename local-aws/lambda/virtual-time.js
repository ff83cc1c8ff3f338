'use strict';
// Virtual time in a function's process. The world's clock stands still while the function works, so the offset given with an event holds
// for all of it; where the function does nothing but sleep, the world's clock goes on without it and wakes it with a new offset.
const { promisify } = require('util');

const WallDate = Date;
const { setTimeout: wallTimeout, clearTimeout: clearWallTimeout, setInterval: wallInterval, clearInterval: clearWallInterval } = globalThis;
/** Shorter ones are left to the wall clock: nobody notices them. */
const LONG_MS = 1000;
const LOOK_MS = 5;

let offset = 0;
let state = 'frozen';
let ids = 0;
let watch;
let askForSleep;
const long = new Map();

const now = () => WallDate.now() + offset;

/** What setTimeout gives for a long timer. */
class LongTimer {
  constructor(fire, ms) {
    Object.assign(this, { fire, ms, id: --ids, counts: true });
    this.refresh();
  }

  refresh() {
    this.due = now() + this.ms;
    long.set(this.id, this);
    watch ??= wallInterval(look, LOOK_MS).unref();
    return this;
  }

  ref() { this.counts = true; return this; }
  unref() { this.counts = false; return this; }
  hasRef() { return this.counts; }
  close() { long.delete(this.id); return this; }
  [Symbol.toPrimitive]() { return this.id; }
}

function startTimer(callback, ms, ...args) {
  return ms >= LONG_MS && ms <= 0x7fffffff ? new LongTimer(() => callback(...args), Number(ms)) : wallTimeout(callback, ms, ...args);
}
startTimer[promisify.custom] = (ms, value) => new Promise((resolve) => startTimer(resolve, ms, value));

function clearTimer(timer) {
  // Its primitive value names a timer too; those of the wall clock's are positive.
  if (!long.delete(Number(timer))) { clearWallTimeout(timer); }
}

function look() {
  if (long.size === 0) {
    clearWallInterval(watch);
    watch = undefined;
  }
  if (state !== 'working') { return; }
  const inOrder = [...long.values()].sort((a, b) => a.due - b.due);
  const due = inOrder.filter((timer) => timer.due <= now());
  const next = inOrder.find((timer) => timer.counts);
  if (due.length > 0) {
    due.forEach((timer) => { if (long.delete(timer.id)) { timer.fire(); } });
  } else if (next && !isBusy()) {
    state = 'asleep';
    askForSleep(next.due);
  }
}

/** Whether anything else is waited for than long timers: a request, a file, a short timer. The channel and the standard streams are pipes. */
function isBusy() {
  return process.getActiveResourcesInfo().some((kind) => kind !== 'PipeWrap');
}

exports.now = now;

exports.install = (sleepUntil) => {
  askForSleep = sleepUntil;
  globalThis.Date = new Proxy(WallDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length ? args : [now()], newTarget),
    apply: () => new WallDate(now()).toString(),
    get: (target, property, receiver) => property === 'now' ? now : Reflect.get(target, property, receiver),
  });
  globalThis.setTimeout = startTimer;
  globalThis.clearTimeout = clearTimer;
};

/** An event came, or a sleep is over. */
exports.goOn = (newOffset) => {
  offset = newOffset;
  state = 'working';
};

/** The event is answered: as on AWS, what timers are left stand still until the next one. */
exports.freeze = () => { state = 'frozen'; };
