'use strict';
// Prints the processor time for loading the named modules, one after the other, and each module's exports that follow a `#`.
const begin = process.cpuUsage();
for (const name of process.argv.slice(2)) {
  const [path, used = ''] = name.split('#');
  const module = require(path);
  used.split(',').forEach((one) => module[one]);
}
const { user, system } = process.cpuUsage(begin);
const indexes = Object.keys(require.cache).filter((file) => /aws-cdk-lib[/\\]index\.js$/.test(file)).length;
console.log(JSON.stringify({ ms: (user + system) / 1000, indexes }));
