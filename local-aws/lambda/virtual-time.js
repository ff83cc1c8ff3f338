'use strict';
// Virtual time in a function's process. The world's clock and the function's long timers do not advance while the function works, however long the
// machine takes. While the function only sleeps, the world's clock continues without it, and wakes it with a new time.
const { promisify } = require('util');

const WallDate = Date;
const { setTimeout: wallTimeout, clearTimeout: clearWallTimeout, setInterval: wallInterval, clearInterval: clearWallInterval } = globalThis;
/** Shorter timers use the wall clock, because nobody notices them. */
const LONG_MS = 1000;
const LOOK_MS = 5;

/** The world's time. Long timers use it. */
let time = 0;
/** Wall-clock time that the function has worked on its event. Its `Date` includes this, for code that reads the time repeatedly. */
let worked = 0;
let began = 0;
let state = 'frozen';
let ids = 0;
let watch;
let askForSleep;
const long = new Map();

const now = () => time + worked + (state === 'working' ? WallDate.now() - began : 0);

/** The return value of setTimeout for a long timer. */
class LongTimer {
  constructor(fire, ms) {
    Object.assign(this, { fire, ms, id: --ids, counts: true });
    this.refresh();
  }

  refresh() {
    this.due = time + this.ms;
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
  // A timer's primitive value also identifies it. The wall clock's values are positive.
  if (!long.delete(Number(timer))) { clearWallTimeout(timer); }
}

function look() {
  if (long.size === 0) {
    clearWallInterval(watch);
    watch = undefined;
  }
  if (state !== 'working') { return; }
  const inOrder = [...long.values()].sort((a, b) => a.due - b.due);
  const due = inOrder.filter((timer) => timer.due <= time);
  const next = inOrder.find((timer) => timer.counts);
  if (due.length > 0) {
    due.forEach((timer) => { if (long.delete(timer.id)) { timer.fire(); } });
  } else if (next && !isBusy()) {
    pause('asleep');
    askForSleep(next.due);
  }
}

/** Whether anything besides long timers is pending: a request, a file, a short timer. The channel and the standard streams are pipes. */
function isBusy() {
  return process.getActiveResourcesInfo().some((kind) => kind !== 'PipeWrap');
}

function pause(next) {
  worked = now() - time;
  state = next;
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
  // A slow machine must not look like a service that does not answer.
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    startTimer(() => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), ms).unref();
    return controller.signal;
  };
};

/** An event arrived, or a sleep has ended. */
exports.goOn = (newTime, isEvent) => {
  if (isEvent) { worked = 0; }
  [time, began] = [newTime, WallDate.now()];
  state = 'working';
};

/** The event is answered: as on AWS, the remaining timers pause until the next event. */
exports.freeze = () => pause('frozen');
