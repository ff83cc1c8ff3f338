#!/usr/bin/env node
'use strict';
// Stands for `docker` where the CDK builds and pushes images of assets: it builds nothing, and says so. What bundles code in a container at synth is no
// asset, and goes to the real docker.
const { spawnSync } = require('child_process');

const [command, ...args] = process.argv.slice(2);
const say = (sentence) => process.stderr.write(`The local AWS: ${sentence}\n`);
const isAsset = args.some((argument) => /^(cdkasset-|\d{12}\.dkr\.ecr\.)/.test(argument));

if (command === 'login' || command === 'push' || command === 'tag' || command === 'buildx' && args[0] === 'imagetools') {
  // Nothing is there, so nothing has to go anywhere.
} else if (command === 'inspect' && isAsset) {
  process.exitCode = 1;
} else if (command === 'build' && isAsset) {
  say(`no image is built from ${args.at(-1)}: what runs it on AWS is only recorded here`);
} else {
  const { status, error } = spawnSync(process.env.LOCAL_AWS_DOCKER || 'docker', process.argv.slice(2), { stdio: 'inherit' });
  if (error) { say(`docker ${command} needs a real docker, because it bundles code and builds no asset: ${error.message}`); }
  process.exitCode = error ? 1 : status ?? 1;
}
