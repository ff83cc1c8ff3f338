'use strict';
// Prints the load time of a function's file, and the time of its first event with one call of SageMaker. A local server refuses the call.
const [, , file, event] = process.argv;
Object.assign(process.env, {
  AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_MAX_ATTEMPTS: '1', InferenceRecommendations_WAIT_MACHINE_ARN: 'arn',
});
const http = require('http');
const server = http.createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(request.method === 'PUT' ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(request.method === 'PUT' ? '' : '{"__type":"ResourceNotFound","Message":"No such job"}');
  });
});
server.listen(0, '127.0.0.1', async () => {
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  process.env.AWS_ENDPOINT_URL = endpoint;
  console.log = () => {};
  const ready = performance.now();
  if (file) {
    const { address, ...rest } = JSON.parse(event);
    await (await import(file)).handler({ ...rest, address: { ...address, ResponseURL: `${endpoint}/answer` } });
  }
  process.stdout.write(`${JSON.stringify({ ms: performance.now() - ready, mib: process.resourceUsage().maxRSS / 1024 })}\n`);
  process.exit();
});
