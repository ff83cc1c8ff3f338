'use strict';
// Runs inside a function's process: loads the handler, gets events over the channel, and answers with the handler's result or error.
const { existsSync } = require('fs');
const { join } = require('path');
const { pathToFileURL } = require('url');
const { format } = require('util');
const sdk = require('./sdk');
const time = require('./virtual-time');

time.install((until) => process.send({ sleep: until }));

let requestId;
for (const [method, level] of Object.entries({ log: 'INFO', info: 'INFO', debug: 'DEBUG', trace: 'TRACE', warn: 'WARN', error: 'ERROR' })) {
  console[method] = (...args) => process.send({ log: `${new Date().toISOString()}\t${requestId}\t${level}\t${format(...args)}` });
}

function errorOf(error, errorType) {
  const known = error instanceof Error;
  return {
    errorType: errorType ?? (known ? error.name : typeof error),
    errorMessage: known ? error.message : String(error),
    trace: known ? String(error.stack).split('\n') : [],
  };
}

function end(message) {
  time.freeze();
  process.send(message);
}

function fail(error, errorType, fatal = false) {
  const shape = errorOf(error, errorType);
  console.error('Invoke Error', JSON.stringify(shape));
  end({ result: { error: shape }, fatal });
}

process.on('disconnect', () => process.exit());
for (const [event, type] of [['uncaughtException', 'Runtime.UncaughtException'], ['unhandledRejection', 'Runtime.UnhandledPromiseRejection']]) {
  process.on(event, (error) => fail(error, type, true));
}

let loaded;

function named(errorType, message) {
  return Object.assign(new Error(message), { name: errorType });
}

/** Imports a module, and again under another name for each package of the SDK that it lacked. */
async function importWithSdk(url, tries = 0) {
  try {
    return await import(tries === 0 ? url : `${url}?${tries}`);
  } catch (error) {
    if (!sdk.provideFor(error)) { throw error; }
    return importWithSdk(url, tries + 1);
  }
}

async function load() {
  const [, modulePath, exported] = /^(.*?[^/.]+)\.([^/]+)$/.exec(process.env._HANDLER);
  const base = join(process.env.LAMBDA_TASK_ROOT, modulePath);
  let code;
  try {
    code = existsSync(`${base}.mjs`) ? await importWithSdk(pathToFileURL(`${base}.mjs`)) : require(existsSync(`${base}.cjs`) ? `${base}.cjs` : base);
  } catch (error) {
    if (error instanceof Error) { error.name = error.code === 'MODULE_NOT_FOUND' ? 'Runtime.ImportModuleError' : error.name; }
    throw error;
  }
  const handler = exported.split('.').reduce((value, key) => value?.[key], code);
  if (typeof handler !== 'function') { throw named('Runtime.HandlerNotFound', `${process.env._HANDLER} is undefined or not exported`); }
  return handler;
}

function call(handler, event, context) {
  return new Promise((resolve, reject) => {
    const returned = handler(event, context, (error, value) => error ? reject(error) : resolve(value));
    if (typeof returned?.then === 'function') { returned.then(resolve, reject); } else if (handler.length < 3) { resolve(null); }
  });
}

process.on('message', async (message) => {
  time.goOn(message.now, message.context !== undefined);
  if (!message.context) { return; }
  requestId = message.context.awsRequestId;
  const deadline = time.now() + message.context.timeoutMs;
  const context = {
    awsRequestId: requestId,
    invokedFunctionArn: message.context.invokedFunctionArn,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(deadline - time.now(), 0),
  };
  try {
    loaded ??= await load();
    const value = await call(loaded, message.event, context);
    end({ result: { payload: JSON.parse(JSON.stringify(value ?? null)) } });
  } catch (error) {
    fail(error);
  }
});
