// What the client throws: its error carries OpenSearch's envelope.
import { test } from 'node:test';
import { client, refused, uploaded } from '../support/cluster.js';

test('a model nobody knows', async () => {
  await refused(() => client.ml.getModel({ model_id: 'nobody' }), 404, 'status_exception', /Failed to find model/);
  await refused(() => client.ml.deployModel({ model_id: 'nobody' }), 404, 'status_exception', /Failed to find model/);
});

test('a task nobody knows', async () => {
  await refused(() => client.ml.getTask({ task_id: 'nobody' }), 404, 'status_exception', /Failed to find task/);
});

test('a prediction on a model that is not loaded', async () => {
  const id = await uploaded('not loaded');

  await refused(
    () => client.ml.predictModel({ model_id: id, body: { text_docs: ['today is sunny'] } }),
    400, 'illegal_argument_exception', /Model not ready yet.*_deploy/);
});

test('a registration without a name', async () => {
  await refused(
    () => client.ml.registerModel({ body: { version: '1.0.0' } }),
    400, 'action_request_validation_exception', /Model name is required/);
});

test('a query parameter that no endpoint has', async () => {
  await refused(
    () => client.ml.getTask({ task_id: 'nobody', colour: 'red' }),
    400, 'illegal_argument_exception', /contains unrecognized parameter: \[colour\]/);
});
