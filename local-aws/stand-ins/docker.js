#!/usr/bin/env node
'use strict';
// Stands for `docker` where the CDK builds and pushes images of assets: it builds nothing, and says so. What bundles code in a container at synth is no
// asset, and goes to the real docker, if one answers.
const { spawnSync } = require('child_process');
const { cpSync } = require('fs');

const docker = process.env.LOCAL_AWS_DOCKER || 'docker';
const [command, ...args] = process.argv.slice(2);
const say = (sentence) => process.stderr.write(`The local AWS: ${sentence}\n`);
const isAsset = args.some((argument) => /^(cdkasset-|\d{12}\.dkr\.ecr\.)/.test(argument));

if (command === 'login' || command === 'push' || command === 'tag' || command === 'buildx' && args[0] === 'imagetools') {
  // Nothing is there, so nothing has to go anywhere.
} else if (command === 'inspect' && isAsset) {
  process.exitCode = 1;
} else if (command === 'build' && isAsset) {
  say(`no image is built from ${args.at(-1)}: what runs it on AWS is only recorded here`);
} else if (spawnSync(docker, ['version'], { stdio: 'ignore' }).status === 0) {
  process.exitCode = spawnSync(docker, process.argv.slice(2), { stdio: 'inherit' }).status ?? 1;
} else {
  const [input, output] = ['/asset-input', '/asset-output'].map(mounted);
  if (command === 'build') {
    say(`no image is built from ${args.at(-1)}, because no docker answers`);
  } else if (command === 'run' && input && output) {
    cpSync(input, output, { recursive: true });
    say(`the code of ${input} is taken as it is and not bundled, because no docker answers: a function that needs the bundle fails here`);
  } else {
    say(`docker ${command} needs a real docker, and none answers`);
    process.exitCode = 1;
  }
}

/** The folder that a container would have at a path. */
function mounted(path) {
  const volumes = args.filter((_, index) => ['-v', '--volume'].includes(args[index - 1]));
  return volumes.map((volume) => /^(.+?):(\/[^:]*)(?::[\w,]+)?$/.exec(volume)).find((read) => read?.[2] === path)?.[1];
}
