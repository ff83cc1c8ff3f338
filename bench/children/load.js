'use strict';
// Prints what it takes of processor time to load the modules that are named, one after the other, and each one's exports that stand behind a `#`.
const begin = process.cpuUsage();
for (const name of process.argv.slice(2)) {
  const [path, used = ''] = name.split('#');
  const module = require(path);
  used.split(',').forEach((one) => module[one]);
}
const { user, system } = process.cpuUsage(begin);
const indexes = Object.keys(require.cache).filter((file) => /aws-cdk-lib[/\\]index\.js$/.test(file)).length;
console.log(JSON.stringify({ ms: (user + system) / 1000, indexes }));
