'use strict';
// Leads the connections of a process to the local AWS: AWS's own names go there, without TLS. A function's other connections are refused by name; those of
// a rehearsed command go where they want. It is a guard rail for mistakes, and no sandbox: a program that is not Node.js connects to whatever it likes.
const { syncBuiltinESMExports } = require('module');
const net = require('net');
const tls = require('tls');

const { LOCAL_AWS_ENDPOINT, LOCAL_AWS_NAMES, LOCAL_AWS_OTHERS } = process.env;
if (!LOCAL_AWS_ENDPOINT || !LOCAL_AWS_NAMES) {
  // It would reach AWS itself.
  process.stderr.write('A program between the rehearsal and this process passes NODE_OPTIONS on, and drops the variables that lead to the local AWS: let it pass AWS_*, CDK_* and LOCAL_AWS_*\n');
  process.exit(1);
}
const port = Number(new URL(LOCAL_AWS_ENDPOINT).port);
const aws = new RegExp(LOCAL_AWS_NAMES, 'i');
const LOOPBACK = /^(.*\.)?localhost$|^127\.|^\[?::1\]?$|^0\.0\.0\.0$/i;

const { connect } = net.Socket.prototype;

net.Socket.prototype.connect = function (...args) {
  // Node's own callers have read the arguments already.
  const read = Array.isArray(args[0]) ? args[0] : net._normalizeArgs(args);
  const [options, callback] = read;
  const host = String(options.host || 'localhost');
  if (options.path || options.fd) { return connect.apply(this, args); }
  const lead = (to) => connect.call(this, { ...options, ...to, lookup: undefined, family: 4 }, ...callback ? [callback] : []);
  if (aws.test(host)) { return lead({ host: '127.0.0.1', port }); }
  if (LOOPBACK.test(host)) { return host.endsWith('.localhost') ? lead({ host: '127.0.0.1' }) : connect.apply(this, args); }
  if (LOCAL_AWS_OTHERS === 'open') { return connect.apply(this, args); }
  const error = new Error(`${host}:${options.port} is not part of the local AWS, so no function connects to it. Only AWS's own names lead somewhere in a rehearsal.`);
  process.stderr.write(`${error.message}\n`);
  if (process.connected) { process.send({ refused: `${host}:${options.port}` }); }
  process.nextTick(() => this.destroy(Object.assign(error, { code: 'ECONNREFUSED', host })));
  return this;
};

const tlsConnect = tls.connect;

tls.connect = function (...args) {
  const [first, callback] = net._normalizeArgs(args);
  const options = { ...first, ...args.slice(1).find((argument) => typeof argument === 'object' && argument !== null) };
  const host = String(options.host || options.servername || 'localhost');
  if (options.socket !== undefined || !aws.test(host)) { return tlsConnect.apply(tls, args); }
  const socket = net.connect({ host, port: options.port ?? 443 });
  Object.assign(socket, {
    encrypted: true,
    authorized: true,
    alpnProtocol: false,
    getPeerCertificate: () => ({}),
    getProtocol: () => 'TLSv1.3',
    getCipher: () => ({}),
    getSession: () => undefined,
    isSessionReused: () => false,
    setServername: () => {},
  });
  if (callback) { socket.once('secureConnect', callback); }
  socket.once('connect', () => socket.emit('secureConnect'));
  return socket;
};

syncBuiltinESMExports();
