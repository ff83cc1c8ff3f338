'use strict';
// Tries each call, and tells its outcome: `accepted`, or the error's name, and under `messages` its text.
const { calls } = JSON.parse(process.env.INPUT);

exports.handler = async () => {
  const outcome = { messages: {} };
  for (const { id, client, command, input } of calls) {
    const sdk = require(`@aws-sdk/client-${client}`);
    const Client = Object.entries(sdk).find(([name]) => name.endsWith('Client') && name !== '__Client')[1];
    try {
      await new Client({}).send(new sdk[`${command}Command`](input));
      outcome[id] = 'accepted';
    } catch (error) {
      outcome[id] = error.name;
      outcome.messages[id] = error.message.slice(0, 300);
    }
  }
  return outcome;
};
